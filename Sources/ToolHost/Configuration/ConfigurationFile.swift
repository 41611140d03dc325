import Glibc
public import ToolJSON
import ToolRuntime

/// The user's configuration: `{"limits": {…}, "plugins": {"NAME": {"KEY": "value"}}, "samples": true}`.
public struct ConfigurationFile: Sendable, Hashable {
    /// The limits, as they stand there: ``ToolLimits/apply(_:)`` takes those of the host.
    public var limits: JSONObject = [:]

    /// The values of the plugins' configuration keys: plugin name, key, value.
    public var pluginValues: [String: [String: String]] = [:]

    /// True if the plugins that were installed with the program are offered; they are unless the file says false.
    public var includesSamples = true

    /// Sentences about oddities of the file that do no harm.
    public private(set) var warnings: [String] = []

    private static let maximumBytes = 1 << 20

    /// An empty configuration.
    public init() {}

    /// The default path: `toolhost/config.json` in the user's directory of settings, or nil without a home directory.
    public static func defaultPath(in environment: [String: String]) -> String? {
        BaseDirectory.configuration.path(in: environment).map { $0 + "/toolhost/config.json" }
    }

    /// True if a file system object has the path, even a symbolic link to nothing.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: ``ToolHostError`` if it is absent, others may write it, or its content is invalid.
    public static func read(path: String) throws(ToolHostError) -> ConfigurationFile {
        guard let file = try readIfPresent(path: path) else {
            throw ToolHostError(message: "The configuration \(path) cannot be opened: \(errorText(ENOENT)).")
        }
        return file
    }

    /// Reads a file of at most 1 MiB that may be absent.
    ///
    /// - Returns: `nil` if nothing has its name, or its directory does not exist. A symbolic link that leads to nothing is
    ///   an error.
    /// - Throws: ``ToolHostError`` if others may write it, or its content is invalid.
    public static func readIfPresent(path: String) throws(ToolHostError) -> ConfigurationFile? {
        func fault(_ sentence: String) -> ToolHostError {
            ToolHostError(message: "The configuration \(path) \(sentence)")
        }
        let bytes: [UInt8]?
        do {
            bytes = try PrivateFile.read(path, limit: maximumBytes)
        } catch {
            throw fault(error.sentence)
        }
        guard let bytes else { return nil }
        do {
            return try ConfigurationFile(parsing: bytes)
        } catch {
            throw fault(error.message)
        }
    }

    /// Reads the text of a configuration.
    init(parsing bytes: some Collection<UInt8>) throws(ToolHostError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw ToolHostError(message: "is not valid JSON: \(error).")
        }
        warnings = document.warnings
        guard let members = document.value.object else { throw ToolHostError(message: "must hold a JSON object.") }
        let known = ["limits", "plugins", "samples"]
        if let (key, words) = NearNames.unknownKey(in: members, known: known, isDocument: true) {
            throw ToolHostError(message: "has the unknown key \"\(key)\"; \(words)")
        }
        guard let samples = (members["samples"] ?? true).bool else {
            throw ToolHostError(message: "needs true or false for \"samples\".")
        }
        includesSamples = samples
        guard let limits = (members["limits"] ?? [:]).object else {
            throw ToolHostError(message: "needs an object for \"limits\".")
        }
        self.limits = limits
        guard let plugins = (members["plugins"] ?? [:]).object else {
            throw ToolHostError(message: "needs an object for \"plugins\".")
        }
        for (plugin, values) in plugins {
            guard let values = values.object else {
                throw ToolHostError(message: "needs an object for the plugin \"\(plugin)\".")
            }
            for (key, value) in values {
                guard let value = value.string else {
                    throw ToolHostError(message: "needs a text for \"\(key)\" of the plugin \"\(plugin)\".")
                }
                pluginValues[plugin, default: [:]][key] = value
            }
        }
    }
}
