import OllamaClient
import Testing
import ToolJSON

@testable import ToolHistory

@Suite("The history of conversations")
struct ConversationHistoryTests {
    private let fixture: HistoryFixture
    private let history: ConversationHistory

    init() throws {
        fixture = try HistoryFixture()
        history = try fixture.open()
    }

    @Test("every member of a message is the same after the file is opened again")
    func roundTrip() throws {
        var messages: [ChatMessage] = [
            ChatMessage(role: .system, content: "Be brief."),
            ChatMessage(role: .user, content: "Zero \u{0} and 🌍\u{202E}", images: [[1, 2, 255], [0]]),
        ]
        messages += [ChatMessage].call("get_temperature", ["city": "Zürich", "n": 1.10, "deep": [[[true, nil]]]])
        messages.append(ChatMessage(role: .assistant))
        let id = try history.create(messages, model: "qwen3")
        let again = try fixture.open()
        let stored = try again.messages(of: id)
        #expect(stored.map { $0.json.text() } == messages.map { $0.json.text() })
        #expect(try again.storedMessages(of: id).map(\.model) == Array(repeating: "qwen3", count: messages.count))
    }

    @Test("the outside sources of messages are stored, copied and exported, and a request does not have them")
    func outsideSources() throws {
        var messages = [ChatMessage].turn("Read") + [ChatMessage].call("fetch", [:])
        messages[3].outsideSources = ["fetch", "notes \u{202E}.txt"]
        let id = try history.create(messages, model: "m")
        let again = try fixture.open()
        for id in [id, try again.fork(id, name: nil)] {
            let stored = try again.messages(of: id)
            #expect(stored.map { $0.json.text() } == messages.map { $0.json.text() })
            #expect(stored.map(\.outsideSources) == messages.map(\.outsideSources))
            #expect(stored.allSatisfy { $0.json["outside_sources"] == nil })
            let exported = try again.storedMessages(of: id).map(\.json)
            #expect(exported[3]["outside_sources"] == ["fetch", "notes \u{202E}.txt"])
            #expect(exported[2]["outside_sources"] == nil)
        }
    }

    @Test("a conversation is continued, and its title is the beginning of the first prompt")
    func appending() throws {
        let long = String(repeating: "many  words\n", count: 100)
        let id = try history.create(.turn(long), model: "one")
        #expect(try history.replace(2..<2, of: id, with: .turn("Second"), model: "two"))
        let conversation = try #require(try history.conversations(limit: 10).first)
        #expect(conversation.id == id && conversation.messageCount == 4 && conversation.model == "two")
        #expect(conversation.title.hasPrefix("many words many") && conversation.title.unicodeScalars.count <= 200)
        #expect(conversation.created < conversation.updated)
        #expect(try history.storedMessages(of: id).map(\.model) == ["one", "one", "two", "two"])
    }

    @Test("the last messages of a conversation are replaced")
    func replacing() throws {
        let id = try history.create(.turn("One") + .call("add", [:]), model: "m")
        #expect(try history.replace(2..<6, of: id, with: .turn("Two"), model: "m"))
        #expect(try history.messages(of: id).map(\.content) == ["One", "Yes.", "Two", "Yes."])
        #expect(try history.search(nil, tool: "add", limit: 10).isEmpty)
        #expect(try history.replace(0..<4, of: id, with: .turn("New"), model: "m"))
        #expect(try history.conversation("\(id)").title == "New")
        #expect(try history.search("Two", tool: nil, limit: 10).isEmpty)
    }

    @Test("nothing is stored if the conversation has another length or is gone")
    func conflict() throws {
        let id = try history.create(.turn("One"), model: "m")
        #expect(try !history.replace(4..<4, of: id, with: .turn("Two"), model: "m"))
        #expect(try !history.replace(0..<0, of: id, with: .turn("Two"), model: "m"))
        #expect(try history.messages(of: id).map(\.content) == ["One", "Yes."])
        try history.delete([id])
        #expect(try !history.replace(2..<2, of: id, with: .turn("Two"), model: "m"))
        #expect(throws: HistoryError.self) { try history.messages(of: id) }
        // The number of a deleted conversation is not used again.
        #expect(try history.create(.turn("One"), model: "m") > id)
    }

    @Test("a conversation is found by its number, its name, and as the last one")
    func references() throws {
        let first = try history.create(.turn("One"), model: "m")
        let second = try history.create(.turn("Two"), model: "m")
        try history.rename(first, to: "Ideas for Ada")
        #expect(try history.conversation("Ideas for Ada").id == first)
        #expect(try history.conversation("\(second)").id == second)
        #expect(try history.conversation("last").id == second)
        #expect(try history.replace(2..<2, of: first, with: .turn("More"), model: "m"))
        #expect(try history.conversation("last").id == first)
        for unknown in ["ideas for ada", "99", "-1", "99999999999999999999", "", "+1", "' OR 1=1 --"] {
            let error = #expect(throws: HistoryError.self) { try history.conversation(unknown) }
            #expect(error?.code == .unknownConversation)
        }
    }

    @Test(
        "a name that is empty, long, hidden, a number or reserved is refused",
        arguments: [
            "", " a", "a ", "12", "last", "a\nb", "a\u{202E}b", "\u{1B}[1m", String(repeating: "x", count: 101),
        ]
    )
    func invalidNames(name: String) throws {
        let id = try history.create(.turn("One"), model: "m")
        for action in [{ try history.rename(id, to: name) }, { _ = try history.fork(id, name: name) }] {
            let error = #expect(throws: HistoryError.self) { try action() }
            #expect(error?.code == .invalidRequest)
        }
        #expect(try history.conversations(limit: 10).count == 1)
    }

    @Test("a name belongs to one conversation, which can lose it")
    func names() throws {
        let first = try history.create(.turn("One"), model: "m")
        let second = try history.create(.turn("Two"), model: "m")
        try history.rename(first, to: "plan")
        try history.rename(first, to: "plan")
        let error = #expect(throws: HistoryError.self) { try history.rename(second, to: "plan") }
        #expect(error?.code == .nameTaken)
        #expect(throws: HistoryError.self) { try history.fork(first, name: "plan") }
        #expect(throws: HistoryError.self) { try history.rename(99, to: "other") }
        try history.rename(first, to: nil)
        try history.rename(second, to: "plan")
        #expect(try history.conversation(named: "plan")?.id == second)
    }

    @Test("a copy and its original are continued independently")
    func forking() throws {
        let id = try history.create(.call("get_temperature", ["city": "London"]), model: "m")
        let copy = try history.fork(id, name: "copy")
        #expect(try history.messages(of: copy) == history.messages(of: id))
        #expect(try history.replace(4..<4, of: copy, with: .turn("Only here"), model: "m"))
        #expect(try history.messages(of: id).count == 4)
        #expect(try history.search("only here", tool: "get_temperature", limit: 10).map(\.conversation.id) == [copy])
        #expect(try history.search(nil, tool: "get_temperature", limit: 10).map(\.conversation.id) == [copy, id])
        #expect(throws: HistoryError.self) { try history.fork(99, name: nil) }
        #expect(try history.conversations(limit: 10).count == 2)
    }

    @Test("pruning removes the oldest conversations that have no name")
    func pruning() throws {
        let named = try history.create(.turn("Named"), model: "m")
        try history.rename(named, to: "keep")
        let old = try history.create(.turn("Old"), model: "m")
        fixture.advance(seconds: 3600)
        let ids = try (0..<5).map { try history.create(.turn("New \($0)"), model: "m") }
        #expect(try history.prune(olderThan: 3600) == 1)
        #expect(try history.conversations(limit: 10).map(\.id) == ids.reversed() + [named])
        #expect(throws: HistoryError.self) { try history.messages(of: old) }
        #expect(try history.prune(keeping: 2) == 3)
        #expect(try history.prune(keeping: 2) == 0)
        #expect(try history.conversations(limit: 10).map(\.id) == [ids[4], ids[3], named])
        #expect(try history.prune(olderThan: .max) == 0)
        #expect(try history.prune(olderThan: 0) == 2)
    }

    @Test("images that are too large are replaced by a note")
    func images() throws {
        let picture = [UInt8](repeating: 7, count: 3 << 20)
        let small = ChatMessage(role: .user, content: "Small", images: [picture])
        let large = ChatMessage(role: .user, content: "Large", images: [picture, picture, picture])
        let id = try history.create([small, large], model: "m")
        let stored = try history.messages(of: id)
        #expect(stored[0] == small)
        #expect(stored[1].images.isEmpty && stored[1].content.hasPrefix("Large\n[The images"))
    }

    @Test("deleted text is no longer in the files")
    func deletion() throws {
        let secret = "unmistakable"
        let id = try history.create(.turn("The \(secret) word", secret), model: "m")
        try history.create(.turn("Another"), model: "m")
        try history.delete([id])
        for suffix in ["", "-wal"] {
            let bytes = try [UInt8](fixture.contents(fixture.path + suffix))
            #expect(!bytes.contains(secret))
        }
    }
}
