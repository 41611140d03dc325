import Glibc
import ToolHost
import ToolJSON

/// The filter of `--tools`, which selects the tools whose names match a pattern, or all tools without patterns.
struct ToolFilter: Sendable {
    let patterns: [String]

    /// Returns true if the filter selects a tool of that name.
    func includes(_ name: String) -> Bool { patterns.isEmpty || patterns.contains { fnmatch($0, name, 0) == 0 } }

    /// Checks that each pattern matches a tool.
    func check(_ host: ToolHost) throws(CommandError) {
        let names = host.tools.map(\.name)
        for pattern in patterns where !names.contains(where: { fnmatch(pattern, $0, 0) == 0 }) {
            // A known tool that is not offered has a separate message.
            let error = host.error { fnmatch(pattern, $0, 0) == 0 } ?? host.error(forUnavailable: pattern)
            if let error { throw error }
            let meant = pattern.filter { !"*?[]\\".contains($0) }
            let shown = NearNames(names).suggestions(for: meant, limit: 64).names
            let question = NearNames.question(meant, among: names + host.unofferedNames)
            let list = shown.isEmpty ? "There are no tools." : "The tools are: \(shown.joined(separator: ", "))."
            throw CommandError(
                .unknownTool,
                "--tools \(pattern.visible, limit: 80): no tool has a matching name.\(question, limit: 400) \(list, limit: 5000)"
            )
        }
    }
}
