import ArgumentParser
import ToolHost
import ToolJSON

/// The verb `config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show and change the settings of the configuration file.",
        usage: """
            toolhost config list [--json] [--config <file>]
            toolhost config get [--json] [--config <file>] <key>
            toolhost config set [--config <file>] <key> <value>
            toolhost config unset [--config <file>] <key>
            toolhost config path [--json] [--config <file>]
            """,
        discussion: """
            The settings are the defaults of a chat (model, system, think, keep_alive, history, options.NAME and \
            tools.NAME) and those of all verbs (samples, limits.NAME and plugins.PLUGIN.KEY). Options and environment \
            variables take precedence over them. options.NAME is an option of the model. In tools.NAME, the name may be \
            a pattern such as get_*, and the value is true or false.

            The file is config.json in ~/.config/toolhost. "set" creates it if it is missing, and checks the value. \
            "list" prints each setting of the file with its value as JSON. A name with a dot is written in a JSON \
            pointer, such as /plugins/my.notes/root.

            Exits with 1 if "get" finds no value, with 64 if the key or the value is not valid, and with 74 if the file \
            cannot be read or written.

            EXAMPLES:
              toolhost config set model qwen3
              toolhost config set tools.delete_file false
              toolhost config get limits.timeout
              toolhost config list --json
            """
    )

    /// The actions of the verb.
    enum Action: String, CaseIterable, ExpressibleByArgument {
        case list, get, set, unset, path
    }

    @Argument(help: "The action.") var action: Action
    @Argument(help: "The key of a setting, such as model or limits.timeout.") var key: String?
    @Argument(help: "The value of the setting.") var value: String?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var settings: ConfigurationOption

    func validate() throws {
        let (takesKey, takesValue) = ([.get, .set, .unset].contains(action), action == .set)
        let name = action.rawValue
        if takesKey, key == nil { throw ValidationError("\"\(name)\" needs the key of a setting.") }
        if takesValue, value == nil { throw ValidationError("\"\(name)\" needs a value after the key.") }
        if !takesKey, key != nil { throw ValidationError("\"\(name)\" takes no key.") }
        if !takesValue, value != nil { throw ValidationError("\"\(name)\" takes no value.") }
        if json, takesValue || action == .unset {
            throw ValidationError("\"\(name)\" prints nothing, so it takes no --json.")
        }
    }

    func run() throws {
        guard let file = settings.path else {
            throw CommandError(.usage, "There is no home directory for the configuration. Name a file with --config.")
        }
        let key = ConfigKey(key ?? "")
        switch action {
        case .path:
            if json {
                Console.output.json(["path": .string(file), "exists": .bool(ConfigurationFile.exists(file))])
            } else {
                Console.output.line("\(file, limit: .max)")
            }
        case .list:
            let members = try Self.members(file)
            if json { return Console.output.json(.object(members)) }
            Console.output.lines(Self.lines(members, []))
        case .get:
            try get(key, in: try Self.members(file))
        case .set:
            try set(key, to: try key.value(of: value ?? ""), in: file)
        case .unset:
            try unset(key, in: file)
        }
    }

    private func get(_ key: ConfigKey, in members: JSONObject) throws(CommandError) {
        guard let value = members.value(at: key.path) else {
            guard key.isKnown else { throw key.unknown }
            throw CommandError(.toolError, "\(key.text, limit: 200) is not set.")
        }
        if json { return Console.output.json(value) }
        Console.output.write((value.string ?? value.text()) + "\n")
    }

    private func set(_ key: ConfigKey, to value: JSON, in file: String) throws(CommandError) {
        guard try Self.update(file, { $0.set(value, at: key.path) }) else {
            let group = key.path[0]
            throw CommandError(
                .usage,
                "\"\(group)\" in \(file, limit: 400) is not an object. Remove it with: toolhost config unset \(group)"
            )
        }
        let isHidden = key.path == ["model"] && ProcessEnvironment.all["TOOLHOST_MODEL"]?.isEmpty == false
        if isHidden { Console.error.line("note: TOOLHOST_MODEL is set, and takes precedence over this setting.") }
    }

    private func unset(_ key: ConfigKey, in file: String) throws(CommandError) {
        // A file that is absent must not be created.
        let isSet = try Self.members(file).value(at: key.path) != nil
        guard isSet else {
            guard key.isKnown else { throw key.unknown }
            return Console.error.line("\(key.text, limit: 200) was not set.")
        }
        _ = try Self.update(file) { $0.set(nil, at: key.path) }
    }

    /// Returns a line for each setting: a member that is no object, or an object without members.
    private static func lines(_ members: JSONObject, _ path: [String]) -> [TerminalLine] {
        members.flatMap { name, value -> [TerminalLine] in
            let path = path + [name]
            // Deeper objects are no settings of this program.
            if let inner = value.object, !inner.isEmpty, path.count < 3 { return lines(inner, path) }
            return ["\(ConfigKey(path: path).text, limit: .max) = \(value.text(), limit: .max)"]
        }
    }

    // MARK: - The file

    private static func members(_ file: String) throws(CommandError) -> JSONObject {
        do throws(ToolHostError) {
            return try ConfigurationFile.members(path: file)
        } catch {
            throw failure(error)
        }
    }

    private static func update(
        _ file: String,
        _ change: (inout JSONObject) -> Bool
    ) throws(CommandError) -> Bool {
        do throws(ToolHostError) {
            return try ConfigurationFile.update(path: file, change)
        } catch {
            throw failure(error)
        }
    }

    private static func failure(_ error: ToolHostError) -> CommandError {
        CommandError(error.code == .invalidConfiguration ? .usage : .inputOutput, error)
    }
}
