import Glibc
import ToolJSON

/// The tools that are switched on or off by their names or by patterns.
struct ToolSwitches: Sendable {
    private var entries: [(pattern: String, isOn: Bool)] = []

    /// Creates switches from a JSON object of patterns and Boolean values.
    ///
    /// - Returns: Nil if a value is not a Boolean value.
    init?(_ json: JSON) {
        guard let members = json.object else { return nil }
        for (pattern, value) in members {
            guard let isOn = value.bool else { return nil }
            entries.append((pattern, isOn))
        }
    }

    /// Creates switches that leave all tools on.
    init() {}

    /// True if there are no switches.
    var isEmpty: Bool { entries.isEmpty }

    /// Returns true if the tool is on.
    ///
    /// The switch of the name decides; without one, the last switch whose pattern matches. Other tools are on.
    func isOn(_ tool: String) -> Bool {
        if let exact = entries.last(where: { $0.pattern == tool }) { return exact.isOn }
        return entries.last { fnmatch($0.pattern, tool, 0) == 0 }?.isOn ?? true
    }

}
