import TestSupport
import Testing

@Suite("A warning about OLLAMA_HOST", .timeLimit(.minutes(10)))
struct EndpointWarningTests {
    private static let settings: [(host: String, words: String)] = [
        // The resolver maps this address to this machine, but the client must not guess that.
        ("http://ann:secret@127.1:1", "warning: The user name and password in OLLAMA_HOST are not sent"),
        ("htps://127.0.0.1:1", "warning: OLLAMA_HOST begins with an unknown scheme htps"),
    ]

    @Test(
        "every verb that uses the server prints the warning about OLLAMA_HOST",
        arguments: [["chat", "-m", "m", "--no-default-plugins", "Hi"], ["models"], ["models", "--json"], ["doctor"]],
        settings.indices
    )
    func verbs(arguments: [String], index: Int) throws {
        let (host, words) = Self.settings[index]
        var command = Command()
        command.arguments = arguments
        command.environment["OLLAMA_HOST"] = host
        let result = try command.run()
        #expect(result.errors.contains(words), "\(result.errors)")
        #expect(!(result.errors + result.output).contains("secret"))
    }
}
