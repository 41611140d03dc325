import Glibc
public import ToolJSON
import ToolRuntime

/// The user's configuration: `{"limits": {…}, "plugins": {"NAME": {"KEY": "value"}}, "samples": true, "model": "…"}`.
public struct ConfigurationFile: Sendable, Hashable {
    /// The limits as written; ``ToolLimits/apply(_:)`` applies those of the host.
    public var limits: JSONObject = [:]

    /// The values of the plugins' configuration keys: plugin name, key, value.
    public var pluginValues: [String: [String: String]] = [:]

    /// A Boolean value that indicates whether the plugins that were installed with the program are offered; true by
    /// default.
    public var includesSamples = true

    /// The settings for plugins in Python, or nil if the file turns such plugins off.
    ///
    /// They do not include those of the environment.
    public var python: PythonConfiguration? = PythonConfiguration()

    /// The defaults of a chat as written: the members `model`, `api`, `system`, `think`, `keep_alive`, `options`,
    /// `tools` and `history`.
    ///
    /// The host does not check or use them; a program that lets a model call the tools does.
    public var chatDefaults: JSONObject = [:]

    /// The names of the members in ``chatDefaults``.
    package static let chatKeys = ["model", "api", "system", "think", "keep_alive", "options", "tools", "history"]

    /// The oddities of the file that do no harm, in sentences.
    public private(set) var warnings: [String] = []

    /// Creates an empty configuration.
    public init() {}

    /// Returns the default path: `toolhost/config.json` in the user's directory of settings.
    ///
    /// - Returns: Nil if there is no home directory.
    public static func defaultPath(in environment: [String: String]) -> String? {
        BaseDirectory.configuration.path(in: environment).map { $0 + "/toolhost/config.json" }
    }

    /// Returns true if a file system object has the path, even a symbolic link whose target does not exist.
    public static func exists(_ path: String) -> Bool { PrivateFile.exists(path) }

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: ``ToolHostError`` if it is absent, other users may write it, or its content is invalid.
    public static func read(path: String) throws(ToolHostError) -> ConfigurationFile {
        guard let file = try readIfPresent(path: path) else {
            throw ToolHostError(
                .inaccessibleFile,
                message: "The configuration \(path) cannot be opened: \(errorText(ENOENT))."
            )
        }
        return file
    }

    /// Reads a file of at most 1 MiB that may be absent.
    ///
    /// - Returns: Nil if the file or its directory does not exist. A symbolic link whose target does not exist is an
    ///   error.
    /// - Throws: ``ToolHostError`` if other users may write it, or its content is invalid.
    public static func readIfPresent(path: String) throws(ToolHostError) -> ConfigurationFile? {
        try UserFile<ConfigurationFile>(path: path).read()
    }
}

extension ConfigurationFile: UserFileContent {
    static let title = "The configuration"
    static let maximumBytes = 1 << 20

    init(parsing bytes: [UInt8]) throws(UserFileError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw UserFileError("is not valid JSON: \(error).", underlyingError: error)
        }
        warnings = document.warnings
        guard let members = document.value.object else { throw UserFileError("must hold a JSON object.") }
        let known = ["limits", "plugins", "samples", "python"] + Self.chatKeys
        if let (key, words) = NearNames.unknownKey(in: members, known: known, isDocument: true) {
            throw UserFileError("has the unknown key \"\(key)\"; \(words)")
        }
        for key in Self.chatKeys { chatDefaults[key] = members[key] }
        guard let samples = (members["samples"] ?? true).bool else {
            throw UserFileError("needs true or false for \"samples\".")
        }
        includesSamples = samples
        python = try Self.python(members["python"])
        guard let limits = (members["limits"] ?? [:]).object else {
            throw UserFileError("needs an object for \"limits\".")
        }
        self.limits = limits
        guard let plugins = (members["plugins"] ?? [:]).object else {
            throw UserFileError("needs an object for \"plugins\".")
        }
        for (plugin, values) in plugins {
            guard let values = values.object else {
                throw UserFileError("needs an object for the plugin \"\(plugin)\".")
            }
            for (key, value) in values {
                guard let value = value.string else {
                    throw UserFileError("needs a string for \"\(key)\" of the plugin \"\(plugin)\".")
                }
                pluginValues[plugin, default: [:]][key] = value
            }
        }
    }
}
