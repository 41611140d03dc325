import Locks
import ToolHost

/// The whole texts of results of which the model received only a part, each under a handle such as `result_3`.
///
/// They stay in memory until newer ones need the room, and are not stored with the conversation.
final class KeptResults: Sendable {
    /// A result.
    struct Entry: Sendable {
        /// The name of the tool that returned the result.
        let toolName: String
        let text: KeptText
        /// True if other people may have written the text.
        let isFromOutside: Bool
    }

    private struct State {
        var entries: [Int: Entry] = [:]
        /// The numbers of the handles of ``entries``, in ascending order.
        var numbers: ArraySlice<Int> = []
        var byteCount = 0
        /// The number of the last handle.
        var last = 0
        /// The last handle of earlier runs of the conversation.
        var lastOfEarlierRuns = 0
        /// The names of the tools whose results from outside were read.
        var sources: Set<String> = []
        /// The limit of the results for the model, in characters.
        var limit = Int.max
    }

    private let maximumBytes: Int
    private let state = Lock(State())

    /// The maximum number of results.
    private static let maximumCount = 1_000
    private static let prefix = "result_"
    /// The maximum number of digits of a handle in a stored conversation, which may be forged.
    private static let maximumDigits = 6

    /// Creates an empty store.
    ///
    /// - Parameter maximumBytes: The maximum length of all texts together.
    init(maximumBytes: Int = 64 << 20) { self.maximumBytes = maximumBytes }

    /// The maximum number of characters of a result for the model.
    var limit: Int { state.withLock(\.limit) }

    /// Stores a result if its text is longer than the limit of results for the model.
    ///
    /// - Returns: The handle, or nil if the text is not longer, or too long to be stored.
    func keep(_ result: ToolResult, limit: Int) -> String? {
        state.withLock { $0.limit = limit }
        // A part of a result has no handle.
        if result.call.name == ResultReading.name { return nil }
        // Text that was made harmless for the model is at most a third longer.
        let byteCount = result.parts.reduce(0) { $0 + $1.bytes.count }
        if result.parts.allSatisfy(\.isText), byteCount <= limit / 4 * 3 { return nil }
        let text = KeptText(maximumBytes: maximumBytes) { _ = result.forEachModelPiece($0) }
        guard let text, text.count > limit else { return nil }
        return state.withLock { state in
            while let oldest = state.numbers.first,
                state.byteCount + text.byteCount > maximumBytes || state.numbers.count >= Self.maximumCount
            {
                state.numbers.removeFirst()
                state.byteCount -= state.entries.removeValue(forKey: oldest)?.text.byteCount ?? 0
            }
            state.last += 1
            state.entries[state.last] = Entry(
                toolName: result.call.name,
                text: text,
                isFromOutside: result.isFromOutside
            )
            state.numbers.append(state.last)
            state.byteCount += text.byteCount
            return Self.prefix + "\(state.last)"
        }
    }

    /// Returns the result with a handle, or a sentence that says why there is none.
    func entry(_ handle: String) -> (entry: Entry?, sentence: String) {
        state.withLock { state in
            let number = Self.number(in: handle)
            if let number, let entry = state.entries[number] { return (entry, "") }
            let name = "\"\(String(handle.unicodeScalars.prefix(40)))\""
            let reason =
                switch number {
                case let number? where number <= state.lastOfEarlierRuns:
                    "\(name) is of an earlier run of this conversation and is gone. Call the tool again."
                case let number? where number <= state.last:
                    "\(name) was dropped, because later results needed its room. Call the tool again."
                default: "There is no result \(name)."
                }
            let handles = state.numbers.suffix(20).map { Self.prefix + "\($0)" }
            let list =
                handles.isEmpty ? "No result is kept now." : "These are kept: \(handles.joined(separator: ", "))."
            return (nil, reason + " " + list)
        }
    }

    /// Returns the result with a handle for a call that reads it, or a sentence that says why there is none.
    ///
    /// The source of a text that other people may have written is recorded here and not found from the call later: its
    /// arguments may have any form that a check accepts, and the result may be dropped in the meantime.
    func read(_ handle: String) -> (entry: Entry?, sentence: String) {
        let found = entry(handle)
        if let entry = found.entry, entry.isFromOutside { state.withLock { _ = $0.sources.insert(entry.toolName) } }
        return found
    }

    /// Returns the sources of the texts from outside that were read since the last call of this function.
    func takeOutsideSources() -> [String] {
        state.withLock { state in
            defer { state.sources = [] }
            return state.sources.sorted()
        }
    }

    /// Avoids the handles of earlier runs of the conversation, whose results are gone.
    ///
    /// - Parameter texts: The results in the conversation. They are untrusted: a forged handle does no more harm than
    ///   higher numbers.
    func avoidHandles(in texts: some Sequence<String>) {
        let last = texts.reduce(0) { max($0, Self.lastNumber(in: $1)) }
        state.withLock { state in
            state.last = max(state.last, last)
            state.lastOfEarlierRuns = state.last
        }
    }

    /// Returns the number of a handle; nil if it has another form.
    private static func number(in handle: String) -> Int? {
        guard handle.utf8.count <= 40, handle.hasPrefix(prefix) else { return nil }
        return Int(handle.dropFirst(prefix.count)).flatMap { $0 > 0 ? $0 : nil }
    }

    /// Returns the highest number of a handle in a text, or 0 if it has none.
    ///
    /// Numbers with too many digits are ignored.
    private static func lastNumber(in text: String) -> Int {
        let prefix = Array(prefix.utf8)
        var (last, matched, number, digits) = (0, 0, 0, 0)
        for byte in text.utf8 {
            if matched == prefix.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte {
                digits += 1
                if digits <= maximumDigits {
                    number = number * 10 + Int(byte - UInt8(ascii: "0"))
                }
                continue
            }
            if digits <= maximumDigits { last = max(last, number) }
            (number, digits) = (0, 0)
            if matched < prefix.count, byte == prefix[matched] {
                matched += 1
            } else {
                matched = byte == prefix[0] ? 1 : 0
            }
        }
        return digits <= maximumDigits ? max(last, number) : last
    }
}
