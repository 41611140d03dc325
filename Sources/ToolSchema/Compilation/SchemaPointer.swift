/// JSON pointers (RFC 6901), as schemas are walked along them.
enum SchemaPointer {
    /// The pointer to a member or element of what a pointer names.
    static func appending(_ name: String, to pointer: String) -> String {
        pointer + "/" + escaped(name)
    }

    /// A name as it stands in a pointer.
    static func escaped(_ name: String) -> String {
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

    /// The names along a pointer, still escaped.
    static func tokens(of pointer: String) -> [String] {
        pointer.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { String(Substring($0)) }
    }
}

extension SchemaPointer {
    /// The name that a token of a pointer stands for.
    static func unescaped(_ token: String) -> String {
        guard token.utf8.contains(UInt8(ascii: "~")) else { return token }
        let parts = token.split(separator: "~1", omittingEmptySubsequences: false)
        return parts.map { $0.split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~") }
            .joined(separator: "/")
    }
}
