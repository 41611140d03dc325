import Logging

/// The log handler of the command line: it shows messages of plugins on standard error.
struct PluginLogHandler: LogHandler {
    var metadataProvider: Logger.MetadataProvider?
    var metadata = Logger.Metadata()
    var logLevel: Logger.Level
    /// Receives the path of the plugin's file, the level and the message.
    let show: @Sendable (_ file: String, _ level: Logger.Level, _ message: String) -> Void

    init(logLevel: Logger.Level, show: @escaping @Sendable (String, Logger.Level, String) -> Void) {
        self.logLevel = logLevel
        self.show = show
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let file: String = if case .string(let file)? = event.metadata?["plugin"] { file } else { "" }
        show(file, event.level, event.message.description)
    }
}
