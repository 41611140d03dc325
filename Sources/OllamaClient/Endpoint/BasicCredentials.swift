import FoundationEssentials

/// The user name and the password of a server behind HTTP's Basic authentication (RFC 7617).
///
/// Descriptions and mirrors do not contain them.
struct BasicCredentials: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    /// The value of the `Authorization` header.
    let headerValue: String

    /// Decodes the part of an address before the `@`, in which `%40` stands for an `@`.
    ///
    /// - Returns: Nil for a control character, or a colon in the user name, which RFC 7617 excludes.
    init?(userInformation: Substring) {
        let bytes = Array(userInformation.utf8)
        let colon = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.endIndex
        let name = Self.decoded(bytes[..<colon])
        let pair = name + [UInt8(ascii: ":")] + Self.decoded(bytes[colon...].dropFirst())
        guard !name.contains(UInt8(ascii: ":")), pair.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        headerValue = "Basic " + Data(pair).base64EncodedString()
    }

    /// Decodes each percent sign before two hexadecimal digits, and leaves others unchanged.
    private static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
            if byte == UInt8(ascii: "%"), digits.count == 2 {
                decoded.append(UInt8(digits[0] * 16 + digits[1]))
                rest = rest.dropFirst(2)
            } else {
                decoded.append(byte)
            }
        }
        return decoded
    }

    var description: String { "(hidden)" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
