/// A kind of server, with the names that messages to the user have for it.
///
/// Servers of the OpenAI protocol use the addresses, the requests and the errors of this module, too.
package struct ServerKind: Sendable, Hashable {
    /// The name of the protocol before the word "server".
    let name: String
    /// The environment variable with the address of the server.
    let addressVariable: String
    /// The environment variable with the key for the server.
    let keyVariable: String
    /// The port of an address without a scheme and a port.
    let defaultPort: Int
    /// The path of an address without a path: empty, or a path that begins with a slash.
    let defaultPath: String
    /// The types of the responses, for the `Accept` header.
    let mediaTypes: String

    /// A server with Ollama's routes under `/api`.
    package static let ollama = ServerKind(
        name: "Ollama",
        addressVariable: "OLLAMA_HOST",
        keyVariable: "OLLAMA_API_KEY",
        defaultPort: 11434,
        defaultPath: "",
        mediaTypes: "application/json, application/x-ndjson"
    )

    /// A server with the route `/chat/completions` under `/v1` or another path.
    package static let openAI = ServerKind(
        name: "OpenAI-compatible",
        addressVariable: "OPENAI_BASE_URL",
        keyVariable: "OPENAI_API_KEY",
        defaultPort: 8080,
        defaultPath: "/v1",
        mediaTypes: "application/json, text/event-stream"
    )
}
