extension OllamaError {
    /// An action of the user that can fix a failure.
    ///
    /// A remedy names the action and not the words for it, because these depend on the program: a command line names a
    /// command, and another program may offer a button.
    ///
    /// ```swift
    /// if error.remedy?.kind == .pullModel, let model = error.remedy?.subject { offerDownload(of: model) }
    /// ```
    public struct Remedy: Sendable, Hashable {
        /// The kind of action.
        ///
        /// More kinds may be added.
        public struct Kind: Sendable, Hashable, CustomStringConvertible {
            private enum Value: String {
                case startServer, setHostVariable, setKeyVariable, pullModel, chooseModel, signIn, addCertificate,
                    waitAndRetry
                case shortenConversation, install
            }

            private let value: Value
            private init(_ value: Value) { self.value = value }

            public var description: String { value.rawValue }

            /// Start an Ollama server at the address.
            public static let startServer = Kind(.startServer)
            /// Set the variable with the address of the server: `OLLAMA_HOST`, or that of another kind of server.
            public static let setHostVariable = Kind(.setHostVariable)
            /// Set the variable with the key for the server.
            public static let setKeyVariable = Kind(.setKeyVariable)
            /// Download a model to the server.
            public static let pullModel = Kind(.pullModel)
            /// Choose another model.
            public static let chooseModel = Kind(.chooseModel)
            /// Sign in, or set a key or a user name and a password.
            public static let signIn = Kind(.signIn)
            /// Add the certificate of the server's authority to the trusted ones.
            public static let addCertificate = Kind(.addCertificate)
            /// Send the same request again later.
            public static let waitAndRetry = Kind(.waitAndRetry)
            /// Start a new conversation, offer fewer tools, or ask for a larger context window.
            public static let shortenConversation = Kind(.shortenConversation)
            /// Install or update a package of the system.
            public static let install = Kind(.install)
        }

        /// The kind of action.
        public let kind: Kind

        /// The object of the action: the name of a model or a package, a URL, or nil if there is none or it is unknown.
        ///
        /// A URL comes from the server.
        public let subject: String?

        private init(_ kind: Kind, _ subject: String? = nil) {
            self.kind = kind
            self.subject = subject
        }

        /// Start an Ollama server at the address.
        public static let startServer = Remedy(.startServer)
        /// Set the variable with the address of the server: `OLLAMA_HOST`, or that of another kind of server.
        public static let setHostVariable = Remedy(.setHostVariable)
        /// Set the variable with the key for the server.
        public static let setKeyVariable = Remedy(.setKeyVariable)
        /// Download a model to the server.
        public static func pullModel(_ name: String?) -> Remedy { Remedy(.pullModel, name) }
        /// Choose another model.
        public static let chooseModel = Remedy(.chooseModel)
        /// Sign in at a URL.
        ///
        /// Without a URL, sign in to the server, or set a key or a user name and a password.
        public static func signIn(url: String?) -> Remedy { Remedy(.signIn, url) }
        /// Add the certificate of the server's authority to the trusted ones.
        public static let addCertificate = Remedy(.addCertificate)
        /// Send the same request again later.
        public static let waitAndRetry = Remedy(.waitAndRetry)
        /// Start a new conversation, offer fewer tools, or ask for a larger context window.
        public static let shortenConversation = Remedy(.shortenConversation)
        /// Install or update a package of the system.
        public static func install(package: String) -> Remedy { Remedy(.install, package) }
    }

    /// Returns the form of a remedy that suits a kind of server.
    ///
    /// Only Ollama has commands to start a server, to download a model and to sign in.
    static func remedy(_ remedy: Remedy?, for kind: ServerKind) -> Remedy? {
        if kind == .ollama { return remedy }
        return switch remedy?.kind {
        case .startServer?: .setHostVariable
        case .pullModel?: .chooseModel
        case .signIn? where remedy?.subject == nil: .setKeyVariable
        default: remedy
        }
    }

    /// Returns an error whose remedy names the model to download, if that is its remedy.
    static func naming(_ model: String?, in error: any Error) -> any Error {
        guard let error = error as? OllamaError, error.remedy == .pullModel(nil) else { return error }
        return OllamaError(
            error.code,
            message: error.message,
            status: error.status,
            remedy: .pullModel(model),
            retryAfter: error.retryAfter,
            underlyingError: error.underlyingError
        )
    }
}
