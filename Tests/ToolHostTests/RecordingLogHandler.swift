import Logging

/// A log handler that passes each message to a closure: the plugin's file, the level and the text.
struct RecordingLogHandler: LogHandler {
    var metadataProvider: Logger.MetadataProvider?
    var metadata = Logger.Metadata()
    var logLevel = Logger.Level.debug
    let receive: @Sendable (_ file: String, _ level: Logger.Level, _ message: String) -> Void

    init(receive: @escaping @Sendable (String, Logger.Level, String) -> Void) { self.receive = receive }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        receive(event.metadata?["plugin"]?.description ?? "", event.level, event.message.description)
    }
}

extension Logger {
    /// Creates a logger that passes each message to a closure.
    static func recording(_ receive: @escaping @Sendable (String, Logger.Level, String) -> Void) -> Logger {
        Logger(label: "test") { _ in RecordingLogHandler(receive: receive) }
    }
}
