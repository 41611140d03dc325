extension JSON {
    /// About how many bytes of memory the value takes.
    ///
    /// Short values take many times the bytes of their text: `[[0],[0]]` takes 30 times as many.
    package var footprint: Int {
        switch self {
        case .null, .bool: Self.slot
        case .number(let number): Self.slot + Self.heapBytes(of: number.literal)
        case .string(let text): Self.slot + Self.heapBytes(of: text)
        case .array(let elements): elements.reduce(Self.slot + Self.storage) { $0 + $1.footprint }
        case .object(let members):
            members.reduce(Self.slot + Self.storage) { sum, member in
                sum + Self.slot + Self.heapBytes(of: member.key) + member.value.footprint
            }
        }
    }

    /// The size of a value where it is stored.
    private static var slot: Int { MemoryLayout<JSON>.stride }
    /// The header of an array's storage, with room for a few values.
    private static var storage: Int { 96 }

    /// The bytes that a string takes outside of its value: short ones take none.
    private static func heapBytes(of text: String) -> Int { text.utf8.count > 15 ? text.utf8.count + 48 : 0 }
}
