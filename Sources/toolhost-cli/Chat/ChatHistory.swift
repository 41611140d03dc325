import OllamaClient
import ToolAgent
import ToolHistory
import ToolHost

/// The conversation of a chat in the history.
///
/// The history is opened at first use. A chat goes on without it if it fails.
final class ChatHistory {
    /// True if responses are stored.
    let isStored: Bool
    private var recorder: ConversationRecorder<ConversationHistory>?
    /// The name for the conversation once it is stored.
    private var pendingName: String?
    private var hasFailed = false

    /// The messages with which the chat begins, as they are stored.
    private(set) var messages: [ChatMessage] = []
    /// The model of the conversation that is continued, or nil for a new conversation.
    private(set) var model: String?

    /// Finds the conversation that the user names.
    ///
    /// - Parameters:
    ///   - continues: True to continue the conversation that changed last.
    ///   - session: The name or number of the conversation to continue, or the name of a new one.
    ///   - isStored: True if responses are stored.
    /// - Throws: ``CommandError`` if the conversation does not exist or cannot be read.
    init(continues: Bool = false, session: String? = nil, isStored: Bool = true) throws(CommandError) {
        self.isStored = isStored
        if continues { try load(ConversationName.last) }
        guard let name = session else { return }
        do throws(CommandError) {
            try load(name)
        } catch {
            let canBeNew = !ConversationName.isNumber(name) && name != ConversationName.last
            guard error.isUnknownConversation, canBeNew else { throw error }
            do throws(HistoryError) {
                try ConversationName.validate(name)
            } catch {
                throw CommandError(error)
            }
            pendingName = name
        }
    }

    /// The number of the conversation, or nil if it is not stored yet.
    var conversation: Int? { recorder?.conversation }

    /// Opens the history of the user.
    static func open() throws(CommandError) -> ConversationHistory {
        guard let directory = UserPaths.directory(.state) else {
            throw CommandError(.usage, "There is no home directory for the history. Set HOME or XDG_STATE_HOME.")
        }
        do throws(HistoryError) {
            return try ConversationHistory(path: directory + "/" + ConversationHistory.fileName)
        } catch {
            throw CommandError(error)
        }
    }

    /// Reads another conversation, which the chat then continues.
    ///
    /// - Parameter reference: Its name, its number, or `last`.
    /// - Throws: ``CommandError`` if it does not exist or cannot be read; nothing changes then.
    func load(_ reference: String) throws(CommandError) {
        let history = if let recorder { recorder.store } else { try Self.open() }
        do throws(HistoryError) {
            let conversation = try history.conversation(reference)
            let messages = try history.messages(of: conversation.id)
            recorder = ConversationRecorder(store: history, continuing: conversation.id, messages: messages)
            (self.messages, model, pendingName) = (messages, conversation.model, nil)
        } catch {
            throw CommandError(error)
        }
    }

    /// Names the conversation, now or once it is stored.
    func save(_ name: String) throws(CommandError) {
        if hasFailed, conversation == nil {
            throw CommandError(.inputOutput, "The conversation cannot be stored; the warning above has the reason.")
        }
        do throws(HistoryError) {
            try ConversationName.validate(name)
            guard let recorder, let conversation = recorder.conversation else {
                pendingName = name
                return
            }
            try recorder.store.rename(conversation, to: name)
        } catch {
            throw CommandError(error)
        }
    }

    /// Stores what is new or has changed in the conversation of an agent.
    ///
    /// Call it after each response and after each undo. The first failure is shown.
    func record(_ agent: Agent) async {
        // A service without a home directory has no history.
        guard isStored, UserPaths.directory(.state) != nil else { return }
        do {
            var recorder = if let recorder { recorder } else { ConversationRecorder(store: try Self.open()) }
            let isCopy = try await recorder.record(agent)
            self.recorder = recorder
            if isCopy, let conversation = recorder.conversation {
                Console.error.line(
                    "note: another process changed the conversation, so this one is now conversation \(conversation)"
                )
            }
            if let name = pendingName, let conversation = recorder.conversation {
                pendingName = nil
                try recorder.store.rename(conversation, to: name)
            }
            hasFailed = false
        } catch {
            guard !hasFailed else { return }
            hasFailed = true
            let error = error as? CommandError ?? (error as? HistoryError).map { CommandError($0) }
            guard let error else { return }
            Console.error.line(
                "warning: the conversation is not stored (--no-history avoids this warning): \(error.message)"
            )
        }
    }
}

extension CommandError {
    /// Creates an error from one of the history, with its remedy.
    init(_ error: HistoryError) {
        let exit: ExitStatus =
            switch error.code {
            case .unknownConversation: .toolError
            case .invalidRequest, .nameTaken: .usage
            default: .inputOutput
            }
        self.init(exit, escaping: error.advisedMessage)
    }

    /// True if a conversation does not exist.
    fileprivate var isUnknownConversation: Bool { exit == .toolError }
}
