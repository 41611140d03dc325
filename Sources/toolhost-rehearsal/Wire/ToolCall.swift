import ToolJSON

/// A tool call that the model requests.
struct ToolCall: Equatable {
    var name: String
    var arguments: JSONObject
}
