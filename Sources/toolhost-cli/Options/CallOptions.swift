import ArgumentParser
import ToolHost

/// The options of the verbs that call tools.
struct CallOptions: ParsableArguments {
    @OptionGroup private var shared: HostOptions

    @Option(
        help: ArgumentHelp("Deadline of one call, for tools that set none.", valueName: "seconds"),
        transform: NumberOption.seconds
    )
    var timeout: Double?

    /// The places of `--plugins`.
    var plugins: [String] { shared.plugins }

    /// True if what plugins print is shown.
    var isVerbose: Bool { shared.isVerbose }

    /// The configuration file, read; an empty one if the default file is absent.
    func file() throws(CommandFailure) -> ConfigurationFile { try shared.file() }

    /// Refuses a place of `--plugins` that is not there.
    func checkPlaces() throws(CommandFailure) { try shared.checkPlaces() }

    /// A host with everything on the search path loaded.
    ///
    /// - Parameter warns: True if files that cannot be used are named on standard error.
    func host(
        also files: [String] = [],
        warns: Bool = true,
        adjust: (inout HostConfiguration) -> Void = { _ in }
    ) async throws -> ToolHost {
        try await shared.host(also: files, warns: warns) { configuration in
            if let timeout { configuration.limits.timeout = .seconds(timeout) }
            adjust(&configuration)
        }
    }
}
