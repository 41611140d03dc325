import Locks
import OllamaClient
import ToolHost

/// The search for tools in a conversation, with which requests offer only a few tools at a time.
///
/// Requests offer the tools that are always offered, the agent's own tools, and those that were found, in the order in
/// which they were found. So the beginning of the prompt stays the same, and with it the server's cache.
final class ToolSearch: Sendable {
    private struct State {
        var isOn = false
        /// The maximum length of the definitions of all found tools, in bytes.
        var maximumBytes = ToolSearch.bytesOfUnknownWindow
        /// The positions of the found tools that are offered.
        var found: [Int] = []
        var index: ToolIndex?
        /// The tools of the next request, or nil if they have changed.
        var definitions: EncodedTools?
    }

    /// The tools of the host.
    let tools: [RegisteredTool]
    private let mode: ToolSearchMode
    private let always: Set<String>
    private let positions: [String: Int]
    private let state = Lock(State())

    private static let bytesOfUnknownWindow = 64 << 10
    private static let maximumOffered = 128
    /// The number of tools up to which a search is no help.
    private static let fewTools = 8
    /// The maximum number of found tools that are offered.
    private static let maximumFound = 20
    private static let bytesPerToken = 4

    /// Creates a search that is not used yet.
    ///
    /// - Parameters:
    ///   - mode: The condition under which it is used.
    ///   - tools: The tools of the host.
    ///   - always: The names of the tools that are always offered.
    /// - Returns: The search, or nil if it will not be used.
    init?(_ mode: ToolSearchMode, _ tools: [RegisteredTool], always: Set<String>) {
        guard mode == .always || mode == .automatic && tools.count > Self.fewTools, !tools.isEmpty else { return nil }
        (self.mode, self.tools, self.always) = (mode, tools, always)
        positions = Dictionary(tools.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// A Boolean value that indicates whether requests offer only a few tools.
    var isOn: Bool { state.withLock(\.isOn) }

    /// Decides whether the search is used, before the first request.
    ///
    /// - Parameters:
    ///   - window: The size of the context window in tokens, or nil if it is unknown.
    ///   - byteCount: The length of the definitions of all tools.
    func begin(window: Int?, byteCount: Int) {
        state.withLock { state in
            if let window { state.maximumBytes = window * Self.bytesPerToken / 4 }
            state.isOn = mode == .always || byteCount > state.maximumBytes || tools.count > Self.maximumOffered
            // A continued conversation has offered its tools before the size of the window was known.
            while state.found.count > 1, isTooLong(state.found, in: state) { state.found.removeFirst() }
            state.definitions = nil
        }
    }

    private func isTooLong(_ found: [Int], in state: State) -> Bool {
        let byteCount = found.reduce(0) { $0 + tools[$1].offered.text.count }
        return found.count > Self.maximumFound || byteCount > state.maximumBytes
    }

    /// Finds tools by their names and descriptions, the best first.
    func tools(for query: String, limit: Int) -> [RegisteredTool] {
        let index = state.withLock { state in
            let index = state.index ?? ToolIndex(tools.lazy.map(\.schema))
            state.index = index
            return index
        }
        return index.tools(for: query, limit: limit).map { tools[$0] }
    }

    /// Offers tools with the next requests, in this order.
    ///
    /// Names that the host does not offer are ignored.
    /// The tools that were found first make room for them. A tool that is too long for that is offered only alone.
    func offer(_ names: some Sequence<String>) {
        state.withLock { state in
            var older = state.found.count
            for name in names where !always.contains(name) {
                guard let position = positions[name], !state.found.contains(position),
                    state.found.isEmpty || !isTooLong([position], in: state)
                else { continue }
                state.found.append(position)
                state.definitions = nil
                while older > 0, isTooLong(state.found, in: state) {
                    state.found.removeFirst()
                    older -= 1
                }
                if state.found.count > 1, isTooLong(state.found, in: state) { state.found.removeLast() }
            }
        }
    }

    /// Returns the tools of the next request, or nil if it offers all.
    ///
    /// - Parameter own: The agent's own tools, which are always the same.
    func offered(with own: [OfferedTool]) -> [OfferedTool]? {
        state.withLock { $0.isOn ? offered($0.found, own) : nil }
    }

    /// Returns the tools of the next request in the form that it has, or nil if it offers all.
    func definitions(with own: [OfferedTool]) -> EncodedTools? {
        state.withLock { state in
            guard state.isOn else { return nil }
            if let definitions = state.definitions { return definitions }
            let offered = offered(state.found, own)
            let definitions = EncodedTools(offered.map(\.definition), texts: offered.map(\.text))
            state.definitions = definitions
            return definitions
        }
    }

    private func offered(_ found: [Int], _ own: [OfferedTool]) -> [OfferedTool] {
        tools.filter { always.contains($0.name) }.map(\.offered) + own + found.map { tools[$0].offered }
    }
}
