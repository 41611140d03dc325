import ToolAgent
import ToolHost
import ToolJSON

/// The place of a setting in the configuration file, such as `model` or `limits.timeout`.
struct ConfigKey {
    /// The names of the members from the object of the file to the setting.
    let path: [String]

    /// The forms of all keys.
    static let forms =
        ConfigurationFile.chatKeys.map { ["tools", "options"].contains($0) ? $0 + ".NAME" : $0 } + [
            "samples", "limits.NAME", "plugins.PLUGIN.KEY",
        ]

    private static let limits = (ToolLimits.keys + AgentConfiguration.limitKeys).sorted()

    /// Reads a key: names with dots between them, or a JSON pointer, whose names may have dots.
    init(_ text: String) {
        if text.hasPrefix("/") {
            path = JSONPointer.tokens(of: text).map { JSONPointer.unescaped($0) ?? $0 }
            return
        }
        let first = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        // A pattern of a tool may have dots, and so may an unknown key.
        switch first[0] {
        case "tools", "options", "limits": path = first
        case "plugins":
            path = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        default: path = [text]
        }
    }

    init(path: [String]) { self.path = path }

    /// The key as it is written on the command line.
    var text: String {
        let dotted = path.joined(separator: ".")
        return Self(dotted).path == path ? dotted : path.reduce("") { JSONPointer.appending($1, to: $0) }
    }

    // MARK: - Values

    /// Returns the JSON value that a text means for this setting.
    ///
    /// - Throws: ``CommandError`` if there is no such setting, or the text is no valid value of it.
    func value(of text: String) throws(CommandError) -> JSON {
        let shape = (path.first ?? "", path.count)
        let value: JSON
        switch shape {
        case ("model", 1), ("api", 1), ("system", 1), ("plugins", 3): value = .string(text)
        case ("think", 1): value = Self.flag(text).map(JSON.bool) ?? .string(text)
        case ("keep_alive", 1): value = Int32(text).map { .int($0) } ?? .string(text)
        case ("samples", 1), ("history", 1), ("tools", 2):
            guard let flag = Self.flag(text) else {
                throw CommandError(.usage, "\(self.text, limit: 200) must be true or false.")
            }
            value = .bool(flag)
        case ("limits", 2), ("options", 2): value = (try? JSON(parsing: text)) ?? .string(text)
        default: throw unknown
        }
        try check(value)
        return value
    }

    private static func flag(_ text: String) -> Bool? {
        switch text {
        case "true", "on": true
        case "false", "off": false
        default: nil
        }
    }

    private func check(_ value: JSON) throws(CommandError) {
        if path.contains("") { throw unknown }
        do throws(ToolHostError) {
            if path[0] == "limits" {
                if !Self.limits.contains(path[1]) { throw unknownLimit }
                var limits = ToolLimits()
                try limits.apply([path[1]: value])
                var agent = AgentConfiguration()
                try agent.apply([path[1]: value])
            } else if path.count == 1, ConfigurationFile.chatKeys.contains(path[0]) {
                _ = try ChatSettings([path[0]: value])
            }
        } catch {
            throw CommandError(.usage, error)
        }
    }

    private var unknownLimit: ToolHostError {
        ToolHostError(
            .invalidConfiguration,
            message: "The limit \"\(path[1])\" is unknown; known are \(Self.limits.joined(separator: ", "))."
                + NearNames.question(path[1], among: Self.limits)
        )
    }

    /// The error about a key that names no setting.
    var unknown: CommandError {
        let question = NearNames.question(
            path.first ?? "",
            among: ConfigurationFile.chatKeys + ["samples", "limits", "plugins"]
        )
        let forms = Self.forms.joined(separator: ", ")
        return CommandError(
            .usage,
            "There is no setting \"\(text, limit: 200)\".\(question) The settings are: \(forms)."
        )
    }

    /// True if the key has the form of a setting or of a group of settings.
    var isKnown: Bool {
        switch path.first {
        case "limits"?: path.count == 1 || path.count == 2 && Self.limits.contains(path[1])
        case "tools"?, "options"?: path.count <= 2
        case "plugins"?: path.count <= 3
        case let name?: path.count == 1 && (name == "samples" || ConfigurationFile.chatKeys.contains(name))
        case nil: false
        }
    }
}

extension JSONObject {
    /// Returns the value at a path of names, or nil if there is none.
    func value(at path: some Collection<String>) -> JSON? {
        guard let name = path.first, let value = self[name] else { return nil }
        let rest = path.dropFirst()
        return rest.isEmpty ? value : value.object?.value(at: rest)
    }

    /// Sets the value at a path of names, and removes objects that become empty.
    ///
    /// - Parameter value: The value, or nil to remove it.
    /// - Returns: False if a member on the way is no object.
    mutating func set(_ value: JSON?, at path: some Collection<String>) -> Bool {
        guard let name = path.first else { return false }
        let rest = path.dropFirst()
        if rest.isEmpty {
            self[name] = value
            return true
        }
        guard var inner = (self[name] ?? [:]).object, inner.set(value, at: rest) else { return false }
        self[name] = inner.isEmpty ? nil : .object(inner)
        return true
    }
}
