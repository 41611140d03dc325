/// The rule for names of plugins: 1 to 64 ASCII letters, digits, dots, hyphens and underscores.
package enum PluginName {
    private static let maximumLength = 64

    /// Returns true if a string is a valid name.
    package static func isValid(_ name: String) -> Bool {
        1...maximumLength ~= name.utf8.count && name.utf8.allSatisfy(isAllowed)
    }

    /// Returns a valid name that is similar to a string, or a default for an empty one.
    package static func near(_ name: String, default: String) -> String {
        let scalars = name.unicodeScalars.prefix(maximumLength).map { scalar in
            UInt8(exactly: scalar.value).map(isAllowed) == true ? Character(scalar) : "_"
        }
        return scalars.isEmpty ? `default` : String(scalars)
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
        default: false
        }
    }
}
