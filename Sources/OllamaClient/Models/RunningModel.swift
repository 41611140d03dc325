import ToolJSON

/// A model that is loaded, from `/api/ps`.
public struct RunningModel: Sendable, Hashable {
    /// The full name.
    public let name: String
    /// The size of the loaded model's context window in tokens, or nil if the server does not report it.
    public let contextLength: Int?

    init?(_ json: JSON) {
        guard let name = json["name"]?.string ?? json["model"]?.string, !name.isEmpty else { return nil }
        self.name = name
        contextLength = json["context_length"]?.int(in: ServerRange.contextLength)
    }

    /// Returns a Boolean value that indicates whether a user's name for a model means this one.
    ///
    /// A name without a tag means the tag `latest`: `qwen3` means `qwen3:latest`.
    public func isNamed(_ model: String) -> Bool {
        name == model || name == model + ":latest"
    }
}
