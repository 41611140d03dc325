import Synchronization

/// The tools that a message may call, for the results of calls that name none of them.
///
/// They are listed once for all calls of the message.
final class ToolListing: Sendable {
    private let host: ToolHost
    private let offered: Set<String>?
    private let words = Mutex<String?>(nil)

    private static let namesShown = 64

    /// No tool has a longer name, in bytes; a call's may be of any length.
    private static let longestName = 1024

    init(_ host: ToolHost, offered: Set<String>?) {
        self.host = host
        self.offered = offered
    }

    /// The tool of that name, if it may be called.
    func tool(named name: String) -> RegisteredTool? {
        guard name.utf8.count <= Self.longestName, offered?.contains(name) ?? true else { return nil }
        return host.tool(named: name)
    }

    /// The sentence for the result of a call that names no tool.
    func sentence(forUnknown name: String) -> String {
        let shown = name.unicodeScalars.prefix(80)
        let isWhole = shown.endIndex == name.unicodeScalars.endIndex
        return "Tool \(String(shown))\(isWhole ? "" : "…") not found. " + listing
    }

    private var listing: String {
        words.withLock { words in
            if let words { return words }
            let names = host.tools.map(\.name).filter { offered?.contains($0) ?? true }
            let rest = names.count - Self.namesShown
            let shown = names.prefix(Self.namesShown).joined(separator: ", ")
            let listing =
                names.isEmpty
                ? "There are no tools." : "The tools are: \(shown)\(rest > 0 ? " and \(rest) more" : "")."
            words = listing
            return listing
        }
    }
}
