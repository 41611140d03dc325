/// A reply of the rehearsal: text or calls.
struct Reply: Equatable {
    var thinking: String?
    var content = ""
    var calls: [ToolCall] = []
    var doneReason = "stop"
}
