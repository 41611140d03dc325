import Glibc
import ToolHost
import ToolJSON

/// The tools of `--tools`: those with a name that fits one of the patterns, or all without patterns.
struct ToolFilter: Sendable {
    let patterns: [String]

    /// True if a tool of that name is wanted.
    func includes(_ name: String) -> Bool { patterns.isEmpty || patterns.contains { fnmatch($0, name, 0) == 0 } }

    /// Refuses a pattern that fits no tool.
    func check(_ host: ToolHost) throws(CommandError) {
        let names = host.tools.map(\.name)
        for pattern in patterns where !names.contains(where: { fnmatch(pattern, $0, 0) == 0 }) {
            // A tool that is known and not offered has a message of its own.
            let failure = host.failure { fnmatch(pattern, $0, 0) == 0 } ?? host.failure(forUnavailable: pattern)
            if let failure { throw failure }
            let meant = pattern.filter { !"*?[]\\".contains($0) }
            let shown = NearNames(names).suggestions(for: meant, limit: 64).names
            let question = NearNames.question(meant, among: names + host.unofferedNames)
            let list = shown.isEmpty ? "There are no tools." : "The tools are: \(shown.joined(separator: ", "))."
            throw CommandError(
                .unknownTool,
                "--tools \(pattern.visible, limit: 80): no tool has such a name.\(question, limit: 400) \(list, limit: 5000)"
            )
        }
    }
}
