import ToolJSON

/// The amount of thinking that a model does before it answers.
public enum ThinkLevel: Sendable, Hashable {
    /// The model thinks for as long as it needs.
    case on
    /// The model does not think, if it supports that.
    case off
    /// The model thinks as much as a level says: `low`, `medium`, `high` or `max`.
    case level(String)

    /// The levels that servers accept.
    public static let levels = ["low", "medium", "high", "max"]

    /// Creates the amount that a string names: `true`, `false` or one of ``levels``.
    ///
    /// - Returns: Nil for any other string.
    public init?(_ text: String) {
        switch text {
        case "true": self = .on
        case "false": self = .off
        case let level where Self.levels.contains(level): self = .level(level)
        default: return nil
        }
    }

    var json: JSON {
        switch self {
        case .on: true
        case .off: false
        case .level(let level): .string(level)
        }
    }
}
