import Locks
import ToolJSON

/// The tools that the calls of a batch may use, as they were registered when the batch started.
///
/// The names are collected once for all calls that name no tool.
final class ToolListing: Sendable {
    private let registry: ToolRegistry
    private let offered: Set<String>?
    private let own: [RegisteredTool]
    private let names = Lock<NearNames?>(nil)

    private static let namesShown = 64

    /// The length of a name in bytes above which no tool is searched: the name in a call can have any length.
    private static let longestName = 1024

    /// Creates a listing.
    ///
    /// - Parameters:
    ///   - offered: The names of the registered tools that may be called, or nil for all.
    ///   - own: A few tools that the caller adds. They take precedence over registered tools.
    init(_ registry: ToolRegistry, offered: Set<String>?, own: [RegisteredTool] = []) {
        self.registry = registry
        self.offered = offered
        self.own = own
    }

    /// Returns the tool with a name, if it may be called.
    func tool(named name: String) -> RegisteredTool? {
        if let tool = own.first(where: { $0.name.hasSameBytes(as: name) }) { return tool }
        return mayBeNamed(name) ? registry.tool(named: name) : nil
    }

    /// Returns the result of a call of a tool that is withheld, broken or in quarantine, or nil for any other name.
    func refusal(of name: String) -> (status: ToolStatus, sentence: String)? {
        mayBeNamed(name) ? registry.owner(ofUnoffered: name)?.refusal(of: name) : nil
    }

    private func mayBeNamed(_ name: String) -> Bool {
        name.utf8.count <= Self.longestName && offered?.contains(name) ?? true
    }

    /// Returns the sentences for a name that no offered tool has: the nearest names come first.
    ///
    /// - Parameter others: The names of tools that are not listed, but may be meant.
    func sentence(forUnknown name: String, besides others: [String] = []) -> String {
        let shown = name.unicodeScalars.prefix(80)
        let isWhole = shown.endIndex == name.unicodeScalars.endIndex
        let title = name.isEmpty ? "\"\"" : String(shown)
        return "Tool \(title)\(isWhole ? "" : "…") not found." + listing(nearestTo: name, others)
    }

    private func listing(nearestTo name: String, _ others: [String]) -> String {
        let names = names.withLock { names in
            if let names { return names }
            let registered = registry.tools.keys.filter { offered?.contains($0) ?? true }
            let found = NearNames(Set(registered + own.map(\.name)).sorted())
            names = found
            return found
        }
        let wide = others.isEmpty ? nil : NearNames.question(name, among: names.names + others)
        if names.names.isEmpty { return (wide ?? "") + " There are no tools." }
        let hidden = names.names.count - Self.namesShown
        let (question, shown) = names.suggestions(for: name, limit: Self.namesShown)
        let list = shown.joined(separator: ", ")
        return (wide ?? question) + " The tools are: \(list)\(hidden > 0 ? " and \(hidden) more" : "")."
    }
}
