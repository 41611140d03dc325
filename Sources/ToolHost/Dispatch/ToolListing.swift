import Synchronization
import ToolJSON

/// The tools that a message may call, for the results of calls that name none of them.
///
/// The names are collected once for all calls of the message.
final class ToolListing: Sendable {
    private let host: ToolHost
    private let offered: Set<String>?
    private let names = Mutex<NearNames?>(nil)

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

    /// The result of a call of a tool that is withheld, broken or in quarantine; `nil` for any other name.
    func refusal(of name: String) -> (status: ToolStatus, sentence: String)? {
        name.utf8.count <= Self.longestName ? host.refusal(ofTool: name) : nil
    }

    /// The sentences for the result of a call that names no tool: the nearest names come first.
    func sentence(forUnknown name: String) -> String {
        let shown = name.unicodeScalars.prefix(80)
        let isWhole = shown.endIndex == name.unicodeScalars.endIndex
        return "Tool \(String(shown))\(isWhole ? "" : "…") not found." + listing(nearestTo: name)
    }

    private func listing(nearestTo name: String) -> String {
        let names = names.withLock { names in
            if let names { return names }
            let found = NearNames(host.tools.map(\.name).filter { offered?.contains($0) ?? true })
            names = found
            return found
        }
        if names.names.isEmpty { return " There are no tools." }
        let rest = names.names.count - Self.namesShown
        let (question, shown) = names.suggestions(for: name, limit: Self.namesShown)
        return question + " The tools are: \(shown.joined(separator: ", "))\(rest > 0 ? " and \(rest) more" : "")."
    }
}

extension ToolHost {
    /// The sentences for a name that no offered tool has: the nearest names come first.
    package func sentence(forUnknownTool name: String) -> String {
        ToolListing(self, offered: nil).sentence(forUnknown: name)
    }
}
