import Glibc
public import ToolJSON
import ToolRuntime

/// Why a configuration file cannot be used.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong and what to do.
    public let message: String

    public var description: String { message }

    /// An error of that message.
    public init(message: String) { self.message = message }
}

/// The user's configuration: `{"limits": {…}, "plugins": {"NAME": {"KEY": "value"}}}`.
public struct ConfigurationFile: Sendable, Hashable {
    /// The limits, as they stand there: ``ToolLimits/apply(_:)`` takes those of the host.
    public var limits: JSONObject = [:]

    /// The values of the plugins' configuration keys: plugin name, key, value.
    public var pluginValues: [String: [String: String]] = [:]

    /// What is odd about the file, but does no harm: sentences.
    public private(set) var warnings: [String] = []

    private static let maximumBytes = 1 << 20

    /// An empty configuration.
    public init() {}

    /// Where the configuration is unless said: `toolhost/config.json` in the user's folder for settings.
    public static func defaultPath(in environment: [String: String]) -> String? {
        BaseDirectory.configuration.path(in: environment).map { $0 + "/toolhost/config.json" }
    }

    /// Whether there is a file at a path.
    public static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    /// Reads a file of at most 1 MiB.
    ///
    /// - Throws: ``ConfigurationError`` where it is missing, others may write it, or it does not say what it should.
    public static func read(path: String) throws(ConfigurationError) -> ConfigurationFile {
        func fault(_ sentence: String) -> ConfigurationError {
            ConfigurationError(message: "The configuration \(path) \(sentence)")
        }
        let bytes: [UInt8]?
        do {
            bytes = try PrivateFile.read(path, limit: maximumBytes)
        } catch {
            throw fault(error.sentence)
        }
        guard let bytes else { throw fault("cannot be opened: \(errorText(ENOENT)).") }
        do {
            return try ConfigurationFile(parsing: bytes)
        } catch {
            throw fault(error.message)
        }
    }

    /// Reads the text of a configuration.
    init(parsing bytes: some Collection<UInt8>) throws(ConfigurationError) {
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw ConfigurationError(message: "is not valid JSON: \(error).")
        }
        warnings = document.warnings
        guard let members = document.value.object else { throw ConfigurationError(message: "must hold a JSON object.") }
        for key in members.keys where !["limits", "plugins"].contains(key) {
            throw ConfigurationError(message: "has the unknown key \"\(key)\"; known are \"limits\" and \"plugins\".")
        }
        guard let limits = (members["limits"] ?? [:]).object else {
            throw ConfigurationError(message: "needs an object for \"limits\".")
        }
        self.limits = limits
        guard let plugins = (members["plugins"] ?? [:]).object else {
            throw ConfigurationError(message: "needs an object for \"plugins\".")
        }
        for (plugin, values) in plugins {
            guard let values = values.object else {
                throw ConfigurationError(message: "needs an object for the plugin \"\(plugin)\".")
            }
            for (key, value) in values {
                guard let value = value.string else {
                    throw ConfigurationError(message: "needs a text for \"\(key)\" of the plugin \"\(plugin)\".")
                }
                pluginValues[plugin, default: [:]][key] = value
            }
        }
    }
}
