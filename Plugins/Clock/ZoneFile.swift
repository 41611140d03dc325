/// A reader of compiled zone files (TZif, RFC 9636).
///
/// No count is trusted: a file whose counts exceed its size is refused.
struct ZoneFile {
    private static let headerBytes = 44

    /// The counts of a header.
    private struct Header {
        let version: UInt8
        let utcFlags: Int
        let standardFlags: Int
        let leapSeconds: Int
        let transitions: Int
        let types: Int
        let nameBytes: Int

        /// Returns the size of the block after the header.
        ///
        /// - Parameter timeBytes: The size of a time, in bytes.
        func blockBytes(timeBytes: Int) -> Int {
            transitions * (timeBytes + 1) + types * 6 + nameBytes + leapSeconds * (timeBytes + 4) + standardFlags
                + utcFlags
        }
    }

    private var rest: ArraySlice<UInt8>

    /// Returns the rules in a zone file, or `nil` if it is malformed or counts leap seconds.
    static func rules(_ content: [UInt8]) -> ZoneRules? {
        var file = ZoneFile(rest: content[...])
        // The first block is for readers that know only 32 bits. All files since 2006 have a second.
        guard let first = file.header(), first.version >= UInt8(ascii: "2"),
            file.take(first.blockBytes(timeBytes: 4)) != nil, let header = file.header(), header.leapSeconds == 0,
            let block = file.take(header.blockBytes(timeBytes: 8))
        else { return nil }
        return file.rules(header, block)
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= rest.count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private mutating func header() -> Header? {
        guard let bytes = take(Self.headerBytes), bytes.prefix(4).elementsEqual("TZif".utf8) else { return nil }
        let fields = bytes.dropFirst(20)
        let counts = (0..<6).map { Int(Self.unsigned(fields.dropFirst($0 * 4).prefix(4))) }
        return Header(
            version: bytes[bytes.startIndex + 4],
            utcFlags: counts[0],
            standardFlags: counts[1],
            leapSeconds: counts[2],
            transitions: counts[3],
            types: counts[4],
            nameBytes: counts[5]
        )
    }

    private func rules(_ header: Header, _ block: ArraySlice<UInt8>) -> ZoneRules? {
        let times = block.prefix(header.transitions * 8)
        let indices = block.dropFirst(times.count).prefix(header.transitions)
        let types = block.dropFirst(times.count + indices.count)
        let offsets = (0..<header.types).map { type in
            Int(Int32(truncatingIfNeeded: Self.unsigned(types.dropFirst(type * 6).prefix(4))))
        }
        guard let initial = offsets.first,
            offsets.allSatisfy({ abs($0) < ZoneRules.maximumOffset })
        else { return nil }
        var transitions: [ZoneRules.Transition] = []
        for (number, index) in indices.enumerated() {
            let instant = Int(Int64(bitPattern: Self.unsigned(times.dropFirst(number * 8).prefix(8))))
            guard Int(index) < offsets.count, transitions.last.map({ $0.instant < instant }) ?? true else { return nil }
            transitions.append(ZoneRules.Transition(instant: instant, offset: offsets[Int(index)]))
        }
        // The rule is between two line ends.
        guard let first = rest.first, first == 0x0A, let end = rest.dropFirst().firstIndex(of: 0x0A) else { return nil }
        let text = rest[(rest.startIndex + 1)..<end]
        let posix = PosixZone(text)
        guard text.isEmpty || posix != nil else { return nil }
        return ZoneRules(initial: initial, transitions: transitions, rest: posix)
    }

    private static func unsigned(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
