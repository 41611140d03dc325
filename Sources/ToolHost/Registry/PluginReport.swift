import ToolJSON
public import ToolRuntime
public import ToolSandbox

/// A file or directory of the search path: the tools that it offers, or the reason why it offers none.
///
/// ```swift
/// for plugin in host.plugins {
///     guard case .broken(let error) = plugin.state else { continue }
///     print(plugin.file, error.message)
///     if error.code == .quarantined { try host.configuration.releasePlugins() }
/// }
/// ```
public struct PluginReport: Sendable, Hashable {
    /// The state of a file.
    public enum State: Sendable, Hashable {
        /// The plugin is loaded.
        case loaded
        /// Another file of the same plugin name has the better claim to the name.
        case shadowed(by: String)
        /// The plugin needs permissions that the user has not granted, and its tools are not offered without them.
        case ungranted(PluginPermissions)
        /// Another file of the same plugin name has an equal claim to the name, so neither is offered.
        case contested(reason: String)
        /// The plugin cannot be used.
        case broken(PluginError)
    }

    /// The kinds of reasons why a file offers no tools.
    public enum Obstacle: Sendable, Hashable {
        /// The user has not granted what the plugin asks for, or only trusted plugins are loaded and it is not trusted.
        case withheld
        /// The plugin's processes died repeatedly, so it is not run.
        case quarantined
        /// The plugin cannot be used.
        case broken
        /// Another file of the same plugin name has an equal claim to the name.
        case contested
        /// Another file of the same plugin name has the better claim to the name.
        case shadowed

        /// The status of a call of one of its tools.
        public var status: ToolStatus {
            switch self {
            case .withheld: .denied
            case .quarantined, .broken, .contested: .pluginFailed
            case .shadowed: .unknownTool
            }
        }
    }

    /// A fact that requires no action, such as that a tool of the user replaces one of the plugin's tools.
    public struct Note: Sendable, Hashable {
        /// The fact as a sentence.
        public let sentence: String
        /// The names of the tools that it concerns.
        public let tools: [String]
    }

    /// The path of the file, as it was found.
    public let file: String
    /// The plugin's name, if it could be read.
    public var name: String?
    /// The plugin's version; "" if it has none.
    public var version: String?
    /// The names of the tools that are offered.
    public var tools: [String] = []
    /// The known tools that the plugin has and does not offer, each with the reason.
    ///
    /// The reason is "" if it is the ``state`` of the plugin.
    public internal(set) var unofferedTools: [String: String] = [:]
    /// The configuration keys that the plugin reads.
    public var configurationKeys: [String] = []
    /// The permissions that the plugin requests and has; nil if they could not be read.
    public var access: PluginAccess?
    /// The restrictions that the kernel enforces on the plugin; nil if nothing confines it.
    public var sandbox: SandboxReport?
    /// The state of the file.
    public var state: State
    /// The errors in some of the plugin's tools, and its contract violations so far, in sentences.
    public var problems: [String] = []
    /// The facts that require no action.
    public internal(set) var notes: [Note] = []
    /// The actions that would solve the ``problems``, change the ``state`` or make the ``notes`` unnecessary.
    public internal(set) var remedies: [Remedy] = []
    /// A Boolean value that indicates whether a tool is not offered because of an error in it, or because of a conflict
    /// of names that no rule decides.
    public internal(set) var isIncomplete = false

    /// A Boolean value that indicates whether the user should look at the file.
    public var needsAttention: Bool {
        switch state {
        case .broken, .contested: true
        case .loaded, .shadowed, .ungranted: !problems.isEmpty
        }
    }

    /// The kind of reason why the file offers no tools; nil if it is loaded.
    public var obstacle: Obstacle? {
        switch state {
        case .loaded: nil
        case .shadowed: .shadowed
        case .ungranted: .withheld
        case .contested: .contested
        case .broken(let error):
            switch error.code {
            case .lockedOut: .withheld
            case .quarantined: .quarantined
            default: .broken
            }
        }
    }

    /// Adds a remedy, unless the report has it already.
    mutating func add(_ remedy: Remedy) {
        if !remedies.contains(remedy) { remedies.append(remedy) }
    }

    /// True if a string is the name of the plugin or of its file: `libGreeter.so`, `libGreeter` or `greeter`.
    package func isNamed(_ text: String) -> Bool {
        let last = String(file[(file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex)...])
        let suffix = [".so", Binding.suffix, PythonFile.suffix].first { last.hasSuffix($0) } ?? ""
        let stem = String(last.dropLast(suffix.count))
        let names = [name, file, last, stem, stem.hasPrefix("lib") ? String(stem.dropFirst(3)) : nil]
        let text = text.lowercased()
        return names.contains { $0?.lowercased().hasSameBytes(as: text) == true }
    }
}
