/// A complete control sequence or function key of a terminal.
///
/// The numbers are those of the "xterm Control Sequences" document, of the VT220, and of the keyboard protocol of kitty.
struct ControlSequence {
    private let introducer: UInt8
    private let final: UInt8
    /// The numbers; empty if the sequence is private, too long or has intermediate bytes.
    private let numbers: [Int]?

    /// Creates a sequence.
    ///
    /// - Parameters:
    ///   - bytes: The introducer `[` or `O` and the bytes after it.
    ///   - final: The final byte.
    init(_ bytes: [UInt8], final: UInt8) {
        introducer = bytes.first ?? 0
        self.final = final
        var numbers = [0]
        var isSubparameter = false
        for byte in bytes.dropFirst() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if !isSubparameter {
                    numbers[numbers.count - 1] = min(numbers[numbers.count - 1] * 10 + Int(byte - 0x30), 1 << 24)
                }
            case UInt8(ascii: ";"):
                numbers.append(0)
                isSubparameter = false
            case UInt8(ascii: ":"):
                isSubparameter = true
            default:
                self.numbers = nil
                return
            }
        }
        self.numbers = bytes.count <= 24 ? numbers : nil
    }

    /// True for the start of a bracketed paste.
    var isPasteStart: Bool { final == UInt8(ascii: "~") && numbers == [200] }

    /// The key; nil if the sequence is none that the editor knows.
    var key: Key? {
        guard let numbers else { return nil }
        let first = numbers.first ?? 0
        // One more than the sum of Shift 1, Alt 2 and Ctrl 4. `ESC O 5 C` has it as the first number.
        let state = max((numbers.count > 1 ? numbers[1] : introducer == UInt8(ascii: "O") ? first : 1) - 1, 0)
        let isWord = state & 6 != 0
        switch final {
        case UInt8(ascii: "A"): return .up
        case UInt8(ascii: "B"): return .down
        case UInt8(ascii: "C"): return isWord ? .wordRight : .right
        case UInt8(ascii: "D"): return isWord ? .wordLeft : .left
        case UInt8(ascii: "H"): return .home
        case UInt8(ascii: "F"): return .end
        case UInt8(ascii: "M") where introducer == UInt8(ascii: "O"): return .enter
        case UInt8(ascii: "u"): return Self.key(first, state)
        case UInt8(ascii: "~"): break
        default: return nil
        }
        switch first {
        case 1, 7: return .home
        case 3: return isWord ? .alt("d") : .delete
        case 4, 8: return .end
        case 27: return numbers.count == 3 ? Self.key(numbers[2], state) : nil
        default: return nil
        }
    }

    /// Returns the key of a code point with modifiers.
    private static func key(_ code: Int, _ state: Int) -> Key? {
        switch code {
        case 9: return .tab
        case 13: return state == 0 ? .enter : .newline
        case 27: return .escape
        case 127: return state & 6 != 0 ? .alt("\u{7F}") : .backspace
        case 0x40...0x7E:
            let letter = UInt8(code)
            if state & 4 != 0 { return .control(Unicode.Scalar(letter & 0x5F)) }
            return state & 2 != 0 ? .alt(Unicode.Scalar(letter)) : nil
        default: return nil
        }
    }
}
