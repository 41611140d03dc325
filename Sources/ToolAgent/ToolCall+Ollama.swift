import OllamaClient
import ToolHost
import ToolJSON

extension ToolCall {
    /// Creates the call for the host from one in a message of the model.
    init(_ call: OllamaToolCall, origin: CallOrigin = .model) {
        self.init(id: call.id, name: call.name, arguments: call.arguments ?? .null, origin: origin)
    }
}
