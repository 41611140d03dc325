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
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw fault("cannot be opened: \(errorText(errno)).") }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw fault("is not a regular file.")
        }
        guard status.st_uid == 0 || status.st_uid == geteuid(), status.st_mode & S_IWOTH == 0 else {
            throw fault("could be written by other users, so it is not read. Make it yours alone: chown, chmod o-w.")
        }
        var bytes = [UInt8](repeating: 0, count: maximumBytes + 1)
        var count = 0
        while count < bytes.count {
            let free = bytes.count - count
            let got = bytes.withUnsafeMutableBytes { buffer in
                buffer.baseAddress.map { Glibc.read(file, $0 + count, free) } ?? 0
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw fault("cannot be read: \(errorText(errno)).") }
            if got == 0 { break }
            count += got
        }
        guard count <= maximumBytes else { throw fault("is larger than \(maximumBytes) bytes.") }
        do {
            return try ConfigurationFile(parsing: bytes[..<count])
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
