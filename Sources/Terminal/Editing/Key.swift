/// A key press or a paste, decoded from the bytes that a terminal sends.
package enum Key: Equatable, Sendable {
    /// Typed text without control characters.
    case text(String)
    /// Pasted text with `\n` as line breaks.
    case paste(String)
    case enter
    /// Enter with Alt, Shift or Ctrl, which begins a new line of the prompt.
    case newline
    case tab
    case escape
    case backspace
    case delete
    case left
    case right
    case up
    case down
    case home
    case end
    case wordLeft
    case wordRight
    /// Ctrl and an upper-case letter, or one of `@ \ ] ^ _`.
    case control(Unicode.Scalar)
    /// Alt and a lower-case ASCII character, or Alt and Backspace as U+007F.
    case alt(Unicode.Scalar)

    /// The number of bytes of the text that the key carries.
    var byteCount: Int {
        switch self {
        case .text(let text), .paste(let text): text.utf8.count
        default: 1
        }
    }

    /// True for the keys that work at a terminal without movement of the cursor.
    var isPlain: Bool {
        switch self {
        case .text, .paste, .enter, .newline, .tab, .backspace, .up, .down: true
        case .control(let letter): "CDGHLNPUWYZ".unicodeScalars.contains(letter)
        default: false
        }
    }
}
