/// The time that one call took, split into its stages.
///
/// The stages follow each other, so their sum is the ``total``.
public struct CallTiming: Sendable, Hashable {
    /// The time to parse the JSON text of the arguments.
    public let parse: Duration

    /// The time to validate and coerce the arguments, and to serialise them for the tool.
    public let check: Duration

    /// The time that the policy took to decide, without a question to the user.
    public let authorize: Duration

    /// The time that the tool itself took.
    public let call: Duration

    /// The rest: the way to the tool and back, such as the messages to a worker process and its wake-up.
    public let transport: Duration

    /// The time from the text of the arguments to the result.
    public var total: Duration { parse + check + authorize + call + transport }

    /// Creates the timing of a call.
    ///
    /// A stage is shortened if it is longer than the time that the others leave, so that no stage is negative and the
    /// sum is exact. The stages were partly measured apart from each other.
    ///
    /// - Parameter total: The time of all stages, at least zero.
    init(total: Duration, parse: Duration, check: Duration, authorize: Duration, call: Duration) {
        var rest = total
        func take(_ stage: Duration) -> Duration {
            let taken = min(max(stage, .zero), rest)
            rest -= taken
            return taken
        }
        self.call = take(call)
        self.parse = take(parse)
        self.check = take(check)
        self.authorize = take(authorize)
        transport = rest
    }
}

extension CallTiming {
    /// Returns the timing of a typical call: its total is the median, and each stage but the transport is the median
    /// of the stage.
    ///
    /// - Returns: Nil without timings.
    package static func typical(of timings: [CallTiming]) -> CallTiming? {
        func median(_ part: KeyPath<CallTiming, Duration>) -> Duration {
            LatencySample(timings.map { $0[keyPath: part] }).percentile(50)
        }
        if timings.isEmpty { return nil }
        return CallTiming(
            total: median(\.total),
            parse: median(\.parse),
            check: median(\.check),
            authorize: median(\.authorize),
            call: median(\.call)
        )
    }
}
