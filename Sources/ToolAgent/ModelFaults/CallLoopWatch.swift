import ToolHost
import ToolJSON

/// A detector of calls that a model repeats although it has their results.
///
/// A call is the same if it has the same name and the same arguments; the order of keys and the notation of numbers do
/// not matter. It is a repetition if it has run twice, with the same result each time, and no other call had a new result
/// since then. So a tool that is polled until its result changes may be called again, and so may a test after each
/// correction. Equal calls of one message count once, because the model had seen none of their results.
struct CallLoopWatch: Sendable {
    /// The identity of a call.
    private struct Key: Hashable {
        let name: String
        let arguments: JSON

        init(_ call: ToolCall) {
            name = call.name
            arguments = call.arguments.normalisedArguments
        }
    }

    /// The runs of one call with the same result.
    private struct Runs {
        /// The hash of the result.
        var result: Int
        var count: Int
        /// The number of the last message with the call.
        var message: Int
    }

    /// The number of equal runs after which a call is not run again.
    static let maximumRuns = 2

    private var runs: [Key: Runs] = [:]
    private var message = 0
    /// The number of the last message with a call that had a new result.
    private var progress = 0
    /// The calls that were not run before.
    private var refused: Set<Key> = []
    private var wasRefused = false
    /// True if the model repeats calls after one was refused, and calls nothing else.
    private(set) var isEndless = false

    /// Returns the positions of the calls that must not be run, because they are repetitions.
    ///
    /// - Parameter calls: The calls of the next message.
    mutating func repetitions(in calls: [ToolCall]) -> Set<Int> {
        message += 1
        let keys = calls.map(Key.init)
        let positions = keys.indices.filter { index in
            guard let known = runs[keys[index]], known.count >= Self.maximumRuns else { return false }
            return progress <= known.message
        }
        let repeated = positions.map { keys[$0] }
        let isWhole = !calls.isEmpty && positions.count == calls.count
        isEndless = isWhole && (wasRefused || refused.isSuperset(of: repeated))
        wasRefused = isWhole
        refused.formUnion(repeated)
        return Set(positions)
    }

    /// Records the results of the calls of the message that ran.
    mutating func record(_ results: [ToolResult]) {
        for result in results {
            let key = Key(result.call)
            var hasher = Hasher()
            hasher.combine(result.status)
            hasher.combine(result.parts)
            let hash = hasher.finalize()
            if let known = runs[key], known.result == hash {
                // Equal calls of one message are one run.
                runs[key]?.count += known.message == message ? 0 : 1
                runs[key]?.message = message
            } else {
                runs[key] = Runs(result: hash, count: 1, message: message)
                if result.status == .ok { progress = message }
            }
        }
    }
}

extension JSON {
    /// The arguments as an object, if they hold one in another form.
    fileprivate var normalisedArguments: JSON {
        switch self {
        case .null: [:]
        case .string(let text):
            // A longer text is compared as it is: that only delays the detection.
            text.utf8.allSatisfy({ $0 <= 0x20 })
                ? [:] : (try? JSON(parsing: text, limits: JSONLimits(bytes: 64 << 10, values: 1 << 14))) ?? self
        case .array(let elements) where elements.count == 1: elements[0]
        default: self
        }
    }
}
