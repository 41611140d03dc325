/// The maximum lengths of strings in messages, in bytes.
///
/// The writer and the reader truncate longer ones.
enum TextLimit {
    static let word = 128
    static let name = 256
    static let note = 1 << 10
    static let sentence = 4 << 10
    static let line = 8 << 10
}
