/// An action of the user that solves a problem.
///
/// A remedy names the action and not the words for it, because these depend on the program: the command line names its
/// flags and verbs, and another program may offer a button.
///
/// ```swift
/// if remedy.kind == .install, let package = remedy.subject { offerInstallation(of: package) }
/// ```
public struct Remedy: Sendable, Hashable {
    /// The kind of action.
    ///
    /// More kinds may be added.
    public struct Kind: Sendable, Hashable, CustomStringConvertible {
        private enum Value: String {
            case trust, trustOrName, grant, release, choose, nameFile, omitSamples, install, reinstall, raiseLimit
            case acceptPartialSandbox
        }

        private let value: Value
        private init(_ value: Value) { self.value = value }

        public var description: String { value.rawValue }

        /// Trust the plugin's file as it is now.
        public static let trust = Kind(.trust)
        /// Trust the plugin's file, or name it for one run, so that the plugin receives its configured values.
        public static let trustOrName = Kind(.trustOrName)
        /// Grant the plugin the permissions that it asks for, for good or for one run.
        public static let grant = Kind(.grant)
        /// Release the plugin from quarantine, or forget its recorded failure, so that it is tried again.
        public static let release = Kind(.release)
        /// Of the plugins with the same name or tool, remove one, trust one, or name the file of one.
        public static let choose = Kind(.choose)
        /// Name the plugin's file for one run.
        public static let nameFile = Kind(.nameFile)
        /// Omit the installed samples from the search path.
        public static let omitSamples = Kind(.omitSamples)
        /// Install a package of the system.
        public static let install = Kind(.install)
        /// Install the worker program again, or run plugins in the host's own process.
        public static let reinstall = Kind(.reinstall)
        /// Raise a limit.
        public static let raiseLimit = Kind(.raiseLimit)
        /// Run the plugin with as much confinement as the kernel offers.
        public static let acceptPartialSandbox = Kind(.acceptPartialSandbox)
    }

    /// The kind of action.
    public let kind: Kind

    /// The object of the action: the path of a file, the name of a package or the key of a limit; nil if the kind has
    /// none.
    public let subject: String?

    private init(_ kind: Kind, _ subject: String? = nil) {
        self.kind = kind
        self.subject = subject
    }

    /// Trust a file as it is now.
    public static func trust(_ file: String) -> Remedy { Remedy(.trust, file) }
    /// Trust a file, or name it for one run, so that the plugin receives its configured values.
    public static func trustOrName(_ file: String) -> Remedy { Remedy(.trustOrName, file) }
    /// Grant the plugin of a file the permissions that it asks for, for good or for one run.
    public static func grant(_ file: String) -> Remedy { Remedy(.grant, file) }
    /// Release plugins from quarantine and forget recorded failures.
    public static let release = Remedy(.release)
    /// Of the plugins with the same name or tool, remove one, trust one, or name the file of one.
    public static let choose = Remedy(.choose)
    /// Name a file for one run.
    public static func nameFile(_ file: String) -> Remedy { Remedy(.nameFile, file) }
    /// Omit the installed samples from the search path.
    public static let omitSamples = Remedy(.omitSamples)
    /// Install a package of the system.
    public static func install(package: String) -> Remedy { Remedy(.install, package) }
    /// Install the worker program again, or run plugins in the host's own process.
    public static let reinstall = Remedy(.reinstall)
    /// Raise the limit with a key of the configuration.
    public static func raiseLimit(_ key: String) -> Remedy { Remedy(.raiseLimit, key) }
    /// Run the plugin with as much confinement as the kernel offers.
    public static let acceptPartialSandbox = Remedy(.acceptPartialSandbox)
}
