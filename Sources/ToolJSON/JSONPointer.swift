/// Functions for JSON pointers (RFC 6901), such as `/filters/0/name`.
///
/// The empty pointer denotes the whole value.
package enum JSONPointer {
    /// Returns the pointer extended by the name of a member or the index of an element.
    package static func appending(_ name: String, to pointer: String) -> String {
        pointer + "/" + escaped(name)
    }

    /// Returns the pointer that consists of the names.
    static func descending(by names: some Sequence<String>) -> String {
        names.reduce(into: "") { $0 += "/" + escaped($1) }
    }

    /// Returns a name with `~` and `/` escaped.
    package static func escaped(_ name: String) -> String {
        guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return name }
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "~"): bytes += "~0".utf8
            case UInt8(ascii: "/"): bytes += "~1".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Returns the reference tokens of a pointer, still escaped.
    package static func tokens(of pointer: String) -> [String] {
        pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }

    /// Returns the name that a token denotes, or nil if a tilde is followed by neither 0 nor 1.
    package static func unescaped(_ token: String) -> String? {
        guard token.utf8.contains(UInt8(ascii: "~")) else { return token }
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
}
