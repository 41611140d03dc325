/// How a value is written.
public enum JSONStyle: Sendable, Hashable {
    /// On one line, without spaces.
    case compact
    /// Indented by two spaces, for people.
    case pretty
}
