/// The condition under which the model searches for tools, instead of receiving the definitions of all.
public enum ToolSearchMode: String, Sendable, Hashable, CaseIterable {
    /// The model searches if the definitions of all tools take more than a quarter of the context window; if its size
    /// is unknown, more than 64 KiB. It also searches if there are more than 128 tools, and never if there are at most
    /// eight.
    case automatic = "auto"
    /// The model searches, however few tools there are.
    case always
    /// Each request offers all tools.
    case never
}
