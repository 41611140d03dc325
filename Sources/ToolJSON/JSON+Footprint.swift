extension JSON {
    /// The approximate memory size of the value, in bytes.
    ///
    /// Short values occupy many times the length of their text: `[[0],[0]]` occupies 30 times as much.
    package var footprint: Int {
        switch self {
        case .null, .bool: Self.slot
        case .number(let number): Self.slot + (number.storedLiteral.map(Self.heapBytes) ?? 0)
        case .string(let text): Self.slot + Self.heapBytes(of: text)
        case .array(let elements): elements.reduce(Self.slot + Self.storage) { $0 + $1.footprint }
        case .object(let members):
            members.reduce(Self.slot + Self.storage) { sum, member in
                sum + Self.slot + Self.heapBytes(of: member.key) + member.value.footprint
            }
        }
    }

    /// The inline size of a value.
    private static var slot: Int { MemoryLayout<JSON>.stride }
    /// The header of an array's storage, with spare capacity for a few values.
    private static var storage: Int { 96 }

    /// The heap size of a string.
    ///
    /// Short strings are stored inline.
    private static func heapBytes(of text: String) -> Int { text.utf8.count > 15 ? text.utf8.count + 48 : 0 }
}
