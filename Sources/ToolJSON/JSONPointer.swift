extension JSON {
    /// The value that a JSON pointer (RFC 6901) names: `/filters/0/name`, or the whole for the empty pointer.
    ///
    /// - Returns: `nil` where nothing is there or the pointer is malformed.
    public subscript(pointer pointer: String) -> JSON? {
        if pointer.isEmpty { return self }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var value = self
        for token in pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            switch value {
            case .object(let members):
                guard let key = unescaped(Substring(token)), let member = members[key] else { return nil }
                value = member
            case .array(let elements):
                guard let index = arrayIndex(Substring(token)), index < elements.count else { return nil }
                value = elements[index]
            default:
                return nil
            }
        }
        return value
    }

    /// The pointer that descends by those names.
    static func pointer(_ names: some Sequence<String>) -> String {
        var bytes: [UInt8] = []
        for name in names {
            bytes.append(UInt8(ascii: "/"))
            for byte in name.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes += [byte, UInt8(ascii: "0")]
                case UInt8(ascii: "/"): bytes += [UInt8(ascii: "~"), UInt8(ascii: "1")]
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The name that a token stands for; `nil` where a tilde is followed by neither 0 nor 1.
    private func unescaped(_ token: Substring) -> String? {
        guard token.utf8.contains(UInt8(ascii: "~")) else { return String(token) }
        var bytes: [UInt8] = []
        var afterTilde = false
        for byte in token.utf8 {
            if afterTilde {
                guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1") else { return nil }
                bytes[bytes.count - 1] = byte == UInt8(ascii: "0") ? UInt8(ascii: "~") : UInt8(ascii: "/")
                afterTilde = false
            } else {
                bytes.append(byte)
                afterTilde = byte == UInt8(ascii: "~")
            }
        }
        return afterTilde ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// Digits alone, without leading zeros: `01` and `+1` name no element.
    private func arrayIndex(_ token: Substring) -> Int? {
        guard token == "0" || token.utf8.first != UInt8(ascii: "0"),
            token.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        return Int(token)
    }
}
