/// The names of members that a text has used so far, so that each is decoded once.
///
/// The table never forgets a name: it accepts a name when the name first occurs, or never. A name in the table
/// therefore differs from every name that the table has rejected, and two names in it are equal if and only if their
/// identifiers are.
struct JSONNameTable: ~Copyable {
    /// The identity of a name.
    enum Identity {
        /// The identifier of a name in the table, which is less than ``JSONNameTable/maximumNames``.
        case identifier(Int)
        /// The table cannot contain the name.
        case rejected
        /// The name was not searched for.
        case unknown
    }

    /// The result of a search.
    enum Search {
        /// The name is in a slot.
        case known(slot: Int)
        /// The name is not in the table and can be inserted into a slot.
        case free(slot: Int)
        /// The table has no room for the name, now and later.
        case rejected
    }

    private struct Slot {
        /// The identifier, or -1 for a free slot.
        var identifier = -1
        /// The result of ``traits(_:_:in:)``.
        var traits: UInt64 = 0
        /// The first occurrence in the text.
        var start = 0
        var length = 0
        /// The slot of the name that followed when the name last occurred.
        var successor = 0
        var name = ""
    }

    /// The maximum number of names, so that a set of identifiers fits into the bits of an integer.
    static let maximumNames = 64
    /// The number of slots: far more than names, so that most of them find a free slot.
    private static let slotCount = 256
    /// The maximum number of slots that a search visits, which bounds the time for names with equal traits.
    private static let maximumSteps = 4
    /// The minimum length of a text whose names are worth a table, in bytes.
    private static let minimumText = 4096

    private let slots: UnsafeMutableBufferPointer<Slot>
    private var count = 0
    /// The slot of the name that was last found or inserted.
    private var last = 0

    /// Creates a table for a text.
    ///
    /// The table of a short text rejects all names.
    init(textBytes: Int) {
        guard textBytes >= Self.minimumText else {
            slots = UnsafeMutableBufferPointer(start: nil, count: 0)
            return
        }
        slots = .allocate(capacity: Self.slotCount)
        slots.initialize(repeating: Slot())
    }

    deinit {
        slots.deinitialize()
        slots.deallocate()
    }

    /// The name in a slot and its identity.
    subscript(slot: Int) -> (name: String, identity: Identity) {
        @inline(__always) get { (slots[slot].name, .identifier(slots[slot].identifier)) }
    }

    /// Returns the slot of the name that followed the last one before, if the text has it again at a position.
    ///
    /// A name in the table has no quotes and no escapes, so the text has it if the same bytes and a quote follow.
    ///
    /// - Returns: The slot and the length of the name, or nil if the text has another name or is about to end.
    @inline(__always)
    mutating func successor(at start: Int, in text: UnsafeBufferPointer<UInt8>) -> (slot: Int, length: Int)? {
        guard count > 0 else { return nil }
        let slot = slots[last].successor
        let length = slots[slot].length
        guard text.count - start - 8 > length, text[start + length] == UInt8(ascii: "\""),
            contains(slot, Self.traits(start, length, in: text), start, length, in: text)
        else { return nil }
        last = slot
        return (slot, length)
    }

    /// Searches for the name that is written in a range of the text.
    @inline(never)
    mutating func find(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Search {
        guard slots.count > 0 else { return .rejected }
        let (start, length) = (range.lowerBound, range.count)
        let traits = Self.traits(start, length, in: text)
        let hash = (traits ^ UInt64(truncatingIfNeeded: length)) &* 0x9E37_79B9_7F4A_7C15
        var slot = Int(truncatingIfNeeded: hash >> 56)
        for _ in 0..<Self.maximumSteps {
            if slots[slot].identifier < 0 { return count < Self.maximumNames ? .free(slot: slot) : .rejected }
            if slots[slot].length == length, contains(slot, traits, start, length, in: text) {
                follow(with: slot)
                return .known(slot: slot)
            }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return .rejected
    }

    /// Inserts a name into the free slot that ``find(_:in:)`` has returned.
    ///
    /// - Returns: The identity of the name.
    mutating func insert(
        _ name: String,
        from range: Range<Int>,
        in text: UnsafeBufferPointer<UInt8>,
        into slot: Int
    ) -> Identity {
        let traits = Self.traits(range.lowerBound, range.count, in: text)
        slots[slot] = Slot(
            identifier: count,
            traits: traits,
            start: range.lowerBound,
            length: range.count,
            successor: slot,
            name: name
        )
        if count == 0 { last = slot }
        follow(with: slot)
        defer { count += 1 }
        return .identifier(count)
    }

    private mutating func follow(with slot: Int) {
        slots[last].successor = slot
        last = slot
    }

    /// Returns true if a slot has the name of the same length at a position of the text.
    @inline(__always)
    private func contains(
        _ slot: Int,
        _ traits: UInt64,
        _ start: Int,
        _ length: Int,
        in text: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        guard slots[slot].traits == traits else { return false }
        if length <= 8 { return true }
        let (other, last) = (slots[slot].start, length - 8)
        var offset = 0
        while offset < last {
            if text.word(at: other + offset) != text.word(at: start + offset) { return false }
            offset += 8
        }
        return text.word(at: other + last) == text.word(at: start + last)
    }

    /// Returns the first eight bytes of a name, mixed with its last eight if it is longer.
    ///
    /// Up to eight bytes are identified by their traits and their number.
    @inline(__always)
    private static func traits(_ start: Int, _ length: Int, in text: UnsafeBufferPointer<UInt8>) -> UInt64 {
        if length > 8 {
            return text.word(at: start) &+ text.word(at: start + length - 8) &* 0x9E37_79B9_7F4A_7C15
        }
        guard length > 0 else { return 0 }
        let unused = UInt64(truncatingIfNeeded: 64 - 8 * length)
        if text.count - start >= 8 { return (text.word(at: start) &<< unused) &>> unused }
        // A name has the same traits at the end of the text as elsewhere.
        return text[start..<(start + length)].reversed().reduce(0) { $0 &<< 8 | UInt64($1) }
    }
}
