/// The settings for plugins in Python: files `NAME.py`, whose functions are tools.
///
/// The host starts an interpreter of the user's in a confined process for each such plugin. Without an interpreter the
/// files are reported as broken, and all other plugins work.
///
/// ```swift
/// configuration.python = PythonConfiguration(environment: ["PATH": "/usr/bin"])
/// configuration.python?.interpreters["weather"] = "/srv/weather-environment"
/// ```
public struct PythonConfiguration: Sendable, Hashable {
    /// The path of the interpreter, or of the directory of an environment; nil to look for `python3` in
    /// ``searchPath``.
    public var interpreter: String?

    /// The interpreters of single plugins: the plugin's name, and the path of an interpreter or an environment.
    public var interpreters: [String: String] = [:]

    /// The directories in which `python3` is looked for, in this order.
    public var searchPath: [String] = ["/usr/local/bin", "/usr/bin"]

    /// Creates the settings that use the system's interpreter.
    public init() {}

    /// Creates settings that use the interpreter of an environment: `TOOLHOST_PYTHON`, or else `python3` in `PATH`.
    ///
    /// - Parameter environment: The environment. Directories of `PATH` that are not absolute paths are ignored.
    public init(environment: [String: String]) {
        apply(environment)
    }

    /// Uses the interpreter of an environment, unless one is set.
    public mutating func apply(_ environment: [String: String]) {
        if interpreter == nil, let path = environment["TOOLHOST_PYTHON"], !path.isEmpty { interpreter = path }
        guard let path = environment["PATH"] else { return }
        searchPath = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    }
}
