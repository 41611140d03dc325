import Locks
import OllamaClient
import ToolHost
import ToolJSON

extension Agent {
    /// The context of the next calls: the sources of the conversation's text, and the model if it is remote.
    var callContext: CallContext {
        state.withLock { state in
            CallContext(outsideSources: state.conversation.messages.outsideSources, remoteModel: state.remoteModel)
        }
    }

    /// Records the control tokens in the template of the model, and that the model is remote if its details say so.
    func noteDetails(_ details: ModelDetails) {
        let tokens = ControlTokens(template: details.raw["template"]?.string ?? "")
        state.withLock { state in
            state.controlTokens = tokens
            if details.isRemote, state.remoteModel == nil { state.remoteModel = RemoteModel(name: model) }
        }
    }

    /// Records that the model is remote if the server says so in its reply.
    ///
    /// A local server passes requests for models of the cloud on.
    func noteOrigin(of turn: TurnAssembly) {
        let host = turn.end?.raw["remote_host"]?.string ?? ""
        let remote = turn.end?.raw["remote_model"]?.string ?? ""
        guard !host.isEmpty || !remote.isEmpty else { return }
        state.withLock { if $0.remoteModel == nil { $0.remoteModel = RemoteModel(name: model) } }
    }
}
