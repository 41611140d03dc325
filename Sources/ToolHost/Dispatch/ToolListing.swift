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
    func tool(named name: String) -> RegisteredTool? { mayBeNamed(name) ? host.tool(named: name) : nil }

    /// The result of a call of a tool that is withheld, broken or in quarantine; `nil` for any other name.
    func refusal(of name: String) -> (status: ToolStatus, sentence: String)? {
        mayBeNamed(name) ? host.refusal(ofTool: name) : nil
    }

    private func mayBeNamed(_ name: String) -> Bool {
        name.utf8.count <= Self.longestName && offered?.contains(name) ?? true
    }

    /// The sentences for the result of a call that names no tool: the nearest names come first.
    ///
    /// - Parameter others: Names that are not listed, and may be meant too.
    func sentence(forUnknown name: String, besides others: [String] = []) -> String {
        let shown = name.unicodeScalars.prefix(80)
        let isWhole = shown.endIndex == name.unicodeScalars.endIndex
        let title = name.isEmpty ? "\"\"" : String(shown)
        return "Tool \(title)\(isWhole ? "" : "…") not found." + listing(nearestTo: name, others)
    }

    private func listing(nearestTo name: String, _ others: [String]) -> String {
        let names = names.withLock { names in
            if let names { return names }
            let found = NearNames(host.tools.map(\.name).filter { offered?.contains($0) ?? true })
            names = found
            return found
        }
        let wide = others.isEmpty ? nil : NearNames.question(name, among: names.names + others)
        if names.names.isEmpty { return (wide ?? "") + " There are no tools." }
        let rest = names.names.count - Self.namesShown
        let (question, shown) = names.suggestions(for: name, limit: Self.namesShown)
        let list = shown.joined(separator: ", ")
        return (wide ?? question) + " The tools are: \(list)\(rest > 0 ? " and \(rest) more" : "")."
    }
}

extension ToolHost {
    /// The sentences for a name that no offered tool has: the nearest names come first.
    ///
    /// - Parameter others: Names of tools that are not offered, which may be meant too.
    package func sentence(forUnknownTool name: String, besides others: [String]) -> String {
        ToolListing(self, offered: nil).sentence(forUnknown: name, besides: others)
    }
}
