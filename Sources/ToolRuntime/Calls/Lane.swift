/// What takes its turn in a lane: a call.
package protocol LaneJob: AnyObject, Sendable {
    /// Never used again in this process.
    var id: UInt64 { get }
    /// Whether it may run beside others.
    var isConcurrent: Bool { get }
}

/// Who may run in a plugin: tools that are not concurrent one after another, the others at any time.
package struct Lane<Job: LaneJob>: Sendable {
    private var current: Job?
    private var waiting: [Job] = []
    private var wedged: Set<UInt64> = []

    package init() {}

    package static var wedgedSentence: String {
        "The plugin is stuck in an earlier call, which ran past its deadline and did not stop. Start the host anew."
    }

    package enum Admission {
        case run
        case wait
        case refuse(String)
    }

    package var isWedged: Bool { !wedged.isEmpty }

    package mutating func admit(_ job: Job) -> Admission {
        if isWedged { return .refuse(Self.wedgedSentence) }
        if job.isConcurrent { return .run }
        guard current == nil else {
            waiting.append(job)
            return .wait
        }
        current = job
        return .run
    }

    package mutating func leave(_ job: Job) -> Job? {
        wedged.remove(job.id)
        guard current === job else { return nil }
        current = waiting.isEmpty ? nil : waiting.removeFirst()
        return current
    }

    package mutating func wedge(_ job: Job) -> [Job] {
        wedged.insert(job.id)
        defer { waiting = [] }
        return waiting
    }
}
