extension String {
    /// The text as one word of a shell's command line, for commands that people are told to copy.
    ///
    /// What needs no quotes has none.
    package var shellWord: String {
        let isPlain = utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-:=,+@%".utf8.contains(byte)
            }
        }
        if isPlain, !isEmpty { return self }
        // A quote cannot stand between quotes, so it stands between two such texts.
        let parts = utf8.split(separator: UInt8(ascii: "'"), omittingEmptySubsequences: false)
        return "'" + parts.map { String(Substring($0)) }.joined(separator: #"'\''"#) + "'"
    }
}
