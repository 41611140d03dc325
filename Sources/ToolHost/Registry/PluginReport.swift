import ToolJSON
import ToolRuntime
public import ToolSandbox

/// A file or directory of the search path: the tools that it offers, or the reason why it offers none.
public struct PluginReport: Sendable, Hashable {
    /// The state of a file.
    public enum State: Sendable, Hashable {
        /// It is loaded.
        case loaded
        /// Another file of the same plugin name has the better claim to it.
        case shadowed(by: String)
        /// It needs permissions that the user has not granted, and no user can be asked.
        case ungranted(PluginPermissions)
        /// Another file of the same plugin name has an equal claim to it, so neither is offered.
        case contested(reason: String)
        /// It cannot be used.
        case broken(reason: String)
    }

    /// The kinds of reasons why a file offers no tools.
    public enum Obstacle: Sendable, Hashable {
        /// The user has not granted what it asks for, or only trusted plugins are loaded and it is not one.
        case withheld
        /// Its process died again and again, so it is not run.
        case quarantined
        /// It cannot be used.
        case broken
        /// Another file of the same plugin name has an equal claim to it.
        case contested
        /// Another file of the same plugin name has the better claim to it.
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

    /// The actions of the user that change which tools are offered.
    public enum Remedy: Sendable, Hashable, CaseIterable {
        /// Trust the file as it is now.
        case trust
        /// Trust the file, or name it for one run, so that it receives what is configured for it.
        case trustOrName
        /// Release it with ``HostConfiguration/releasePlugins()``, so that it is tried again.
        case release
        /// Of the plugins with the same name or tool, remove one, trust one, or name the file of one.
        case choose
        /// Name the file for one run.
        case nameFile
        /// Leave the installed samples out of the search path.
        case omitSamples
    }

    /// A fact that needs nothing from a person, such as that a tool of the user replaces one of its tools.
    public struct Note: Sendable, Hashable {
        /// The fact as a sentence.
        public let sentence: String
        /// The names of the tools that it concerns.
        public let tools: [String]
    }

    /// The file, as it was found.
    public let file: String
    /// The plugin's name, where it could be read.
    public var name: String?
    /// The plugin's version; "" if it gives none.
    public var version: String?
    /// The names of the tools that are offered.
    public var tools: [String] = []
    /// The tools that it has and does not offer, as far as they are known, each with the reason.
    ///
    /// The reason is "" where it is the ``state`` of the plugin.
    public internal(set) var unofferedTools: [String: String] = [:]
    /// The configuration keys that it reads.
    public var configurationKeys: [String] = []
    /// The permissions that it asks for and has; `nil` where they could not be read.
    public var access: PluginAccess?
    /// What the kernel enforces on it; `nil` where nothing confines it.
    public var sandbox: SandboxReport?
    /// The state of the file.
    public var state: State
    /// Faults of some of its tools, and breaches of the contract since, in sentences.
    public var problems: [String] = []
    /// The facts that need nothing from a person.
    public internal(set) var notes: [Note] = []
    /// The actions that would solve its ``problems``, change its ``state`` or make its ``notes`` unnecessary.
    public internal(set) var remedies: Set<Remedy> = []
    /// True if a tool is not offered because of a fault: its own, or a conflict of names that nothing decides.
    public internal(set) var isIncomplete = false
    /// The kind of its fault, where it cannot be used.
    var failure: PluginError.Code?

    /// True if a person should look at it.
    public var needsAttention: Bool {
        switch state {
        case .broken, .contested: true
        case .loaded, .shadowed, .ungranted: !problems.isEmpty
        }
    }

    /// The kind of reason why it offers no tools; `nil` if it is loaded.
    public var obstacle: Obstacle? {
        switch state {
        case .loaded: nil
        case .shadowed: .shadowed
        case .ungranted: .withheld
        case .contested: .contested
        case .broken:
            switch failure {
            case .lockedOut: .withheld
            case .quarantined: .quarantined
            default: .broken
            }
        }
    }

    /// True if a text is the name of the plugin or of its file: `libGreeter.so`, `libGreeter` or `greeter`.
    package func isNamed(_ text: String) -> Bool {
        let last = String(file[(file.lastIndex(of: "/").map(file.index(after:)) ?? file.startIndex)...])
        let suffix = [".so", Binding.suffix].first { last.hasSuffix($0) } ?? ""
        let stem = String(last.dropLast(suffix.count))
        let names = [name, file, last, stem, stem.hasPrefix("lib") ? String(stem.dropFirst(3)) : nil]
        let text = text.lowercased()
        return names.contains { $0?.lowercased().hasSameBytes(as: text) == true }
    }
}
