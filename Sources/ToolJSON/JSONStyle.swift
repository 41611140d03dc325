/// The layout of JSON text.
public enum JSONStyle: Sendable, Hashable {
    /// One line without spaces.
    case compact
    /// Several lines, indented by two spaces per level.
    case pretty
}
