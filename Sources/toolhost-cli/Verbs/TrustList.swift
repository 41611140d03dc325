import Terminal
import ToolHost
import ToolJSON

/// The records of the lock files, each with the current state of its plugin.
struct TrustList {
    private let plugins: [TrustedPlugin]

    init(_ plugins: [TrustedPlugin]) {
        self.plugins = plugins.sorted { ($0.record.name, $0.file) < ($1.record.name, $1.file) }
    }

    /// Prints the list for people.
    func show() {
        for plugin in plugins {
            Console.output.line("\(plugin.record.name)  (\(plugin.file, limit: 400))" + state(of: plugin))
            if let reason = plugin.reason { Console.output.line("  \(reason, limit: 2000)") }
            let verb: TerminalLine = plugin.state == .trusted ? "may" : "was granted to"
            for phrase in plugin.phrases { Console.output.line("  \(verb) \(phrase, limit: 400)") }
            if !plugin.changedKeys.isEmpty {
                let keys = plugin.changedKeys.joined(separator: ", ")
                Console.output.line("  asks again for the changed configuration of: \(keys, limit: 500)")
            }
        }
        if plugins.isEmpty { Console.error.line("No plugin is trusted.") }
    }

    /// The list as JSON.
    var json: JSON { .array(plugins.map(\.json)) }

    private func state(of plugin: TrustedPlugin) -> TerminalLine {
        let installed: TerminalLine = plugin.isInstalled ? "  installed with toolhost" : ""
        return switch plugin.state {
        case .trusted: installed
        case .changed: installed + Console.output.styled("  CHANGED since it was trusted", .yellow)
        case .missing: installed + Console.output.styled("  MISSING", .yellow)
        case .broken: installed + Console.output.styled("  BROKEN", .red)
        }
    }
}

extension TrustedPlugin {
    /// The phrases of the recorded permissions.
    fileprivate var phrases: [String] {
        let note = isInstalled ? nil : "not configured when it was trusted"
        return record.permissions.phrases(values: record.values, otherwise: note)
    }

    /// The record and its state as JSON.
    fileprivate var json: JSON {
        var members: JSONObject = [
            "name": .string(record.name), "file": .string(file), "hash": .string(record.hash),
            "state": .string(state.rawValue), "trusted": .bool(state == .trusted),
            "changed": .bool(state == .changed), "installed": .bool(isInstalled),
            "permissions": record.permissions.json,
            "values": .object(JSONObject(record.values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
            "changed_keys": .array(changedKeys.map(JSON.string)), "date": .int(record.date),
        ]
        members["reason"] = reason.map(JSON.string)
        return .object(members)
    }
}
