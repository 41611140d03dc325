/// A package that a Python file needs, as written in its `dependencies` (PEP 508).
package struct PackageRequirement: Sendable, Hashable {
    /// The requirement as written, such as `httpx[http2]<1`.
    package let text: String
    /// The name in its normal form: lowercase, with single hyphens.
    package let name: String
    /// True if the requirement holds only in some environments.
    package let isConditional: Bool

    /// Reads a requirement; returns nil if it does not begin with a name.
    init?(_ text: String) {
        let name = text.utf8.prefix(while: Self.isPartOfName)
        guard let first = name.first, let last = name.last, text.utf8.count <= 1024 else { return nil }
        guard Self.isLetterOrDigit(first), Self.isLetterOrDigit(last) else { return nil }
        self.text = text
        self.name = Self.normalName(String(Substring(name)))
        isConditional = text.utf8.contains(UInt8(ascii: ";"))
    }

    /// Returns the normal form of a package's name, in which equal packages have equal names.
    package static func normalName(_ name: String) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }

    private static func isPartOfName(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "-_.".utf8.contains(byte)
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }
}
