/// The order of the calls of one plugin: tools that are not concurrent run one after another, the others at any time.
package struct Lane<Job: LaneJob>: Sendable {
    private var current: Job?
    private var waiting: [Job] = []
    private var wedged: Set<UInt64> = []

    package init() {}

    /// The reason why a wedged lane rejects jobs.
    package static var wedgedSentence: String {
        "The plugin is stuck in an earlier call, which ran past its deadline and did not stop. Start the host anew."
    }

    /// The outcome of a request to run.
    package enum Admission {
        /// The job runs now.
        case run
        /// The job runs when ``Lane/leave(_:)`` returns it.
        case wait
        /// The job does not run, for the reason in the sentence.
        case refuse(String)
    }

    /// True if a job does not return, so that no others are admitted.
    package var isWedged: Bool { !wedged.isEmpty }

    /// Requests that a job run.
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

    /// Handles the return of a job, and returns the job to run next, if one waits.
    package mutating func leave(_ job: Job) -> Job? {
        wedged.remove(job.id)
        guard current === job else { return nil }
        current = waiting.isEmpty ? nil : waiting.removeFirst()
        return current
    }

    /// Records that a job does not return, and returns the jobs that waited, which will not run.
    package mutating func wedge(_ job: Job) -> [Job] {
        wedged.insert(job.id)
        defer { waiting = [] }
        return waiting
    }
}
