import Glibc

/// The decoder of the bytes that a terminal sends: UTF-8, control characters, escape sequences and bracketed pastes.
///
/// The bytes may be cut anywhere. An escape sequence is consumed as a whole, whether it is known or not, so that no part of
/// it becomes text. The memory for a paste is bounded by ``pasteLimit``, and for all else by a few bytes.
package struct KeyDecoder {
    private enum State {
        case ground
        /// After ESC.
        case escape
        /// In a control sequence (`ESC [`) or a function key (`ESC O`).
        case sequence
        /// After ESC and intermediate bytes, such as `ESC (`.
        case designation
        /// In a string for the terminal, such as `ESC ]`, with the number of its bytes so far.
        case string(Int)
        /// After ESC in a string.
        case stringEscape
        /// Before bytes that belong to a sequence that is ignored.
        case skipping(Int)
        /// In a paste, with the number of bytes of its end that have matched.
        case paste(Int)
    }

    /// The maximum number of bytes of a paste; the rest of a longer one is dropped.
    package static let pasteLimit = 16 << 20
    private static let stringLimit = 4096
    private static let parameterLimit = 32
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    private var state = State.ground
    /// The text so far, and then the incomplete character at its end.
    private var text: [UInt8] = []
    private var parameters: [UInt8] = []
    private var pasted: [UInt8] = []
    private var keys: [Key] = []

    package init() {}

    /// The time after which ``timeOut()`` resolves an incomplete sequence, in milliseconds; nil if there is none.
    package var timeout: Int32? {
        switch state {
        case .ground: nil
        // A terminal sends a sequence at once, but a slow connection may cut it.
        case .escape, .sequence, .designation, .string, .stringEscape, .skipping: 200
        // The end of a paste may be lost, and all later keys would be a part of it.
        case .paste: 5000
        }
    }

    /// Decodes the next bytes.
    ///
    /// - Returns: The keys that are complete.
    package mutating func decode(_ bytes: ArraySlice<UInt8>) -> [Key] {
        var rest = bytes
        while !rest.isEmpty {
            // A paste may have megabytes.
            if case .paste(0) = state {
                let count = Self.offset(of: 0x1B, in: rest)
                keep(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            if let byte = rest.popFirst() { decode(byte) }
        }
        endText(keepingIncompleteCharacter: true)
        return take()
    }

    /// Resolves an incomplete sequence after a pause: ESC alone is a key, and others are dropped.
    package mutating func timeOut() -> [Key] {
        switch state {
        case .ground: break
        case .escape: emit(.escape)
        case .sequence, .designation, .string, .stringEscape, .skipping: state = .ground
        case .paste(let matched): endPaste(matched)
        }
        return take()
    }

    private mutating func take() -> [Key] {
        defer { keys = [] }
        return keys
    }

    private mutating func emit(_ key: Key?) {
        state = .ground
        if let key { keys.append(key) }
    }

    // MARK: - Bytes

    private mutating func decode(_ byte: UInt8) {
        switch state {
        case .ground: decodeGround(byte)
        case .escape: decodeEscape(byte)
        case .sequence: decodeSequence(byte)
        case .designation: if !(0x20...0x2F ~= byte) { endSequence(before: byte, isFinal: 0x30...0x7E ~= byte) }
        case .string(let count): decodeString(byte, count)
        case .stringEscape: byte == UInt8(ascii: "\\") ? emit(nil) : decodeEscape(byte)
        case .skipping(let count): state = count > 1 ? .skipping(count - 1) : .ground
        case .paste(let matched): decodePaste(byte, matched)
        }
    }

    private mutating func decodeGround(_ byte: UInt8) {
        if byte >= 0x20, byte != 0x7F { return text.append(byte) }
        endText(keepingIncompleteCharacter: false)
        switch byte {
        case 0x1B: state = .escape
        case 0x0D, 0x0A: emit(.enter)
        case 0x09: emit(.tab)
        case 0x08, 0x7F: emit(.backspace)
        default: emit(.control(Unicode.Scalar(byte + 0x40)))
        }
    }

    private mutating func decodeEscape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "O"):
            parameters = [byte]
            state = .sequence
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            state = .string(0)
        case 0x1B:
            emit(.escape)
            state = .escape
        case 0x0D, 0x0A: emit(.newline)
        case 0x08, 0x7F: emit(.alt("\u{7F}"))
        case 0x20...0x2F: state = .designation
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): emit(.alt(Unicode.Scalar(byte | 0x20)))
        case 0x30..<0x7F: emit(.alt(Unicode.Scalar(byte)))
        // Alt and a character that is not ASCII.
        case 0xC0...0xFF: state = .skipping(byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3)
        default: endSequence(before: byte, isFinal: false)
        }
    }

    private mutating func decodeSequence(_ byte: UInt8) {
        switch byte {
        case 0x20...0x3F:
            // A longer sequence is unknown, and its bytes need not be kept.
            if parameters.count <= Self.parameterLimit { parameters.append(byte) }
        case UInt8(ascii: "[") where parameters == [UInt8(ascii: "[")]:
            // A function key of the Linux console: `ESC [ [ A`.
            state = .skipping(1)
        case UInt8(ascii: "M") where parameters == [UInt8(ascii: "[")]:
            // A mouse event, if another program has left them on.
            state = .skipping(3)
        case 0x40...0x7E:
            let sequence = ControlSequence(parameters, final: byte)
            if sequence.isPasteStart { (state, pasted) = (.paste(0), []) } else { emit(sequence.key) }
        default:
            endSequence(before: byte, isFinal: false)
        }
    }

    private mutating func decodeString(_ byte: UInt8, _ count: Int) {
        switch byte {
        case 0x07: emit(nil)
        case 0x1B: state = .stringEscape
        default: state = count < Self.stringLimit ? .string(count + 1) : .ground
        }
    }

    /// Ends a sequence that is ignored.
    ///
    /// A byte that cannot belong to it is decoded separately.
    private mutating func endSequence(before byte: UInt8, isFinal: Bool) {
        emit(nil)
        if !isFinal { decodeGround(byte) }
    }

    private mutating func decodePaste(_ byte: UInt8, _ matched: Int) {
        if byte == Self.pasteEnd[matched] {
            if matched + 1 == Self.pasteEnd.count { endPaste(0) } else { state = .paste(matched + 1) }
            return
        }
        keep(Self.pasteEnd.prefix(matched))
        if byte == 0x1B {
            state = .paste(1)
        } else {
            keep([byte])
            state = .paste(0)
        }
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) { pasted += bytes.prefix(Self.pasteLimit - pasted.count) }

    /// Returns the number of bytes before a byte, or of all.
    private static func offset(of byte: UInt8, in bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, let found = memchr(base, Int32(byte), bytes.count) else {
                return bytes.count
            }
            return UnsafeRawPointer(found) - base
        }
    }

    private mutating func endPaste(_ matched: Int) {
        keep(Self.pasteEnd.prefix(matched))
        var text: [UInt8] = []
        text.reserveCapacity(pasted.count)
        var rest = pasted[...]
        while !rest.isEmpty {
            // Terminals send a line break as a carriage return.
            let count = Self.offset(of: 0x0D, in: rest)
            text += rest.prefix(count)
            rest = rest.dropFirst(count)
            guard rest.popFirst() != nil else { break }
            text.append(0x0A)
            if rest.first == 0x0A { rest.removeFirst() }
        }
        pasted = []
        emit(text.isEmpty ? nil : .paste(String(decoding: text, as: UTF8.self)))
    }

    // MARK: - Text

    private mutating func endText(keepingIncompleteCharacter keeps: Bool) {
        guard !text.isEmpty else { return }
        let kept = keeps ? Self.incompleteCount(text) : 0
        var typed = String(decoding: text.dropLast(kept), as: UTF8.self)
        // The controls from U+0080 to U+009F are no text, like those below U+0020.
        if typed.unicodeScalars.contains(where: { 0x80..<0xA0 ~= $0.value }) {
            typed.unicodeScalars.removeAll { 0x80..<0xA0 ~= $0.value }
        }
        text = Array(text.suffix(kept))
        if !typed.isEmpty { keys.append(.text(typed)) }
    }

    /// Returns the number of bytes at the end that begin a character without completing it.
    private static func incompleteCount(_ bytes: [UInt8]) -> Int {
        for count in 1...3 where count <= bytes.count {
            let byte = bytes[bytes.count - count]
            if byte < 0x80 { return 0 }
            guard byte >= 0xC0 else { continue }
            let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : byte < 0xF8 ? 4 : 1
            return count < length ? count : 0
        }
        return 0
    }
}
