import OllamaClient
import ToolHost

/// The result of a request to the Ollama server for its version and models.
struct ServerCheck {
    /// The address of the server.
    let url: String
    /// The version of the server; nil if it does not respond.
    var version: String?
    /// The number of models of the server; nil if it does not respond.
    var models: Int?
    /// The result for people.
    var sentence: String

    /// Requests the version and the models from the server of the environment.
    static func run() async -> ServerCheck {
        var timeouts = OllamaClient.Timeouts()
        // None of these requests makes a server load a model.
        timeouts.firstByte = .seconds(5)
        let client = OllamaClient(environment: ProcessEnvironment.all, timeouts: timeouts)
        Console.error.warn(about: client.endpoint)
        var check = ServerCheck(url: client.endpoint.url, sentence: "")
        do {
            let version = try await client.version()
            let models = try await client.models().count
            check.version = version
            check.models = models
            check.sentence = "version \(version) at \(client.endpoint.url), \(models) models (toolhost models)"
        } catch let error as OllamaError {
            check.sentence = error.advisedMessage
        } catch {
            check.sentence = "The request to \(client.endpoint.url) failed: \(error)"
        }
        return check
    }
}
