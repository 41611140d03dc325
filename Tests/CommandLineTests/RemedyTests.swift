import Testing
import ToolAgent
import ToolHost

@testable import toolhost_cli

@Suite("A remedy on the command line")
struct RemedyTests {
    /// Each kind of remedy, and the flag, verb or command that carries it out.
    static let remedies: [(remedy: Remedy, words: String)] = [
        (.trust("/a b/x.so"), "toolhost trust '/a b/x.so'"),
        (.trustOrName("/a/x.so"), "toolhost trust /a/x.so — or name it for one run: --plugins /a/x.so"),
        (.grant("/a/x.so"), "toolhost trust /a/x.so"),
        (.release, "toolhost doctor --release"),
        (.choose, "--plugins"),
        (.nameFile("/a/x.so"), "--plugins /a/x.so"),
        (.omitSamples, #"{"samples": false}"#),
        (.install(package: "libssl3"), "apt-get install libssl3"),
        (.reinstall, "--in-process"),
        (.raiseLimit("scan"), #"limit "scan""#),
        (.acceptPartialSandbox, "--sandbox best-effort"),
    ]

    @Test("a remedy names the flag, the verb or the command that carries it out", arguments: remedies)
    func words(remedy: Remedy, words: String) {
        #expect(remedy.sentence.contains(words), "\(remedy.sentence)")
    }

    @Test(
        "the message of an agent's error is followed by the command that carries out its remedy, if there is one",
        arguments: [
            (.startNewConversation, "Too long. To start a new conversation, run toolhost chat again."),
            (.waitOrCancel, "Too long."), (nil, "Too long."),
        ] as [(AgentError.Remedy?, String)]
    )
    func agentError(remedy: AgentError.Remedy?, message: String) {
        let error = AgentError(.conversationTooLong, message: "Too long.", remedy: remedy)
        #expect(error.advisedMessage == message)
    }

    @Test("a remedy follows the message of its error")
    func message() {
        #expect("It failed.".with(nil) == "It failed.")
        #expect("It failed.".with(.release) == "It failed. " + Remedy.release.sentence)
    }
}
