import ArgumentParser
import ToolHost

/// The option `--config`.
struct ConfigurationOption: ParsableArguments {
    @Option(help: ArgumentHelp("The configuration file. Default: ~/.config/toolhost/config.json.", valueName: "file"))
    var config: String?

    /// The path of the configuration file; nil without a home directory.
    var path: String? { config ?? ConfigurationFile.defaultPath(in: ProcessEnvironment.all) }

    /// Reads the configuration file; the result is empty if the default file is absent.
    func read() throws(ToolHostError) -> ConfigurationFile {
        guard let path else { return ConfigurationFile() }
        if config != nil { return try ConfigurationFile.read(path: path) }
        return try ConfigurationFile.readIfPresent(path: path) ?? ConfigurationFile()
    }
}
