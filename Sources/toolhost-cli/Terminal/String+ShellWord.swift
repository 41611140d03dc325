extension String {
    /// The string as one word of a shell command, for commands that users copy.
    ///
    /// It has quotes only if it needs them.
    var shellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-:=,+@%".utf8.contains(byte)
            }
        }
        if isPlain, !isEmpty { return self }
        // A single quote cannot be quoted by single quotes, so it is written between two quoted parts.
        let parts = utf8.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
        return "'" + parts.map { String(Substring($0)) }.joined(separator: #"'\''"#) + "'"
    }
}
