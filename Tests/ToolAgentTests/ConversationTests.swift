import OllamaClient
import Testing
import ToolJSON

@testable import ToolAgent

@Suite("Conversations")
struct ConversationTests {
    private func call(_ id: String?) -> OllamaToolCall {
        OllamaToolCall(id: id, name: "add", arguments: [:])
    }

    @Test("missing, empty and duplicate ids of calls are replaced")
    func missingAndDuplicateIDsAreFilled() {
        var conversation = Conversation(system: nil)
        let first = conversation.identified([call("call_1"), call(nil), call(""), call("call_1")])
        #expect(first.map(\.id) == ["call_1", "call_2", "call_3", "call_4"])
        // Servers that count from the start in each message repeat ids.
        let second = conversation.identified([call("call_1"), call("abc")])
        #expect(second.map(\.id) == ["call_5", "abc"])
    }

    @Test("a generated id differs from all ids of the message")
    func anIDThatComesLaterInTheMessageIsNotTaken() {
        var conversation = Conversation(system: nil)
        #expect(conversation.identified([call(nil), call("call_1")]).map(\.id) == ["call_2", "call_1"])
    }

    @Test("a prompt without a reply is joined with the next one (mistralai/mistral-vibe#1006)")
    func aPromptWithoutAnAnswerIsJoinedWithTheNext() {
        var conversation = Conversation(system: "Be brief.")
        conversation.ask(ChatMessage(role: .user, content: "one"))
        conversation.ask(ChatMessage(role: .user, content: "two"))
        #expect(conversation.messages.map(\.role) == [.system, .user])
        #expect(conversation.messages.last?.content == "one\n\ntwo")
    }

    @Test(
        "a prompt can be taken back, wherever it was added",
        arguments: [nil, .user, .tool, .assistant] as [ChatMessage.Role?]
    )
    func aPromptIsTakenBack(last: ChatMessage.Role?) {
        var conversation = Conversation(system: "Be brief.")
        if let last { conversation.add(ChatMessage(role: last, content: "one")) }
        let (messages, size) = (conversation.messages, conversation.size)
        let checkpoint = conversation.checkpoint
        conversation.ask(ChatMessage(role: .user, content: "two"))
        #expect(conversation.messages != messages)
        #expect(conversation.size > size)
        conversation.restore(checkpoint)
        #expect(conversation.messages == messages)
        #expect(conversation.size == size)
    }

    @Test("a message of the assistant is inserted between a result and a prompt (mistralai/mistral-vibe#1006)")
    func aTurnThatEndedWithAToolIsClosed() {
        var conversation = Conversation(system: nil)
        conversation.ask(ChatMessage(role: .user, content: "one"))
        var message = ChatMessage(role: .assistant, content: "")
        message.toolCalls = [call("a")]
        conversation.add(message, results: [ChatMessage(role: .tool, content: "1")])
        conversation.ask(ChatMessage(role: .user, content: "two"))
        #expect(conversation.messages.map(\.role) == [.user, .assistant, .tool, .assistant, .user])
        #expect(conversation.messages[3].content == Conversation.interruption)
    }
}
