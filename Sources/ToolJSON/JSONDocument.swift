/// A parsed text, with what its value alone does not tell.
public struct JSONDocument: Sendable {
    /// The value, in which the last of several members of one name has won.
    public let value: JSON

    /// JSON pointers (RFC 6901) to the names that occur more than once in their object.
    ///
    /// Empty if and only if no name does. There are 16 at most, and fewer where they are very long.
    public let repeatedNames: [String]

    /// The number of elements that are not in ``value``, of an array that was read in part: by the depth of its object.
    package let omitted: [Int: Int]

    /// A sentence for each repeated name.
    public var warnings: [String] {
        repeatedNames.map { "\($0) is given more than once, and the last one counts." }
    }

    /// Parses one JSON text (RFC 8259), with nothing but white space around it.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, without a byte order mark.
    ///   - limits: What is refused for its size.
    /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
    public init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: bytes, limits: limits, replacesLoneSurrogates: false)
    }

    /// Parses one JSON text of which some arrays may have more elements than are wanted.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, without a byte order mark.
    ///   - limits: What is refused for its size; elements that are not kept do not count as values.
    ///   - excerpt: The arrays of which only the beginning is kept. The rest is parsed, and counted in ``omitted``.
    ///   - replacesLoneSurrogates: True if an escaped surrogate without its other half becomes U+FFFD. Otherwise it is
    ///     an error: it is not a character.
    /// - Throws: ``JSONError`` with the offset of the first byte that does not fit.
    package init(
        parsing bytes: some Collection<UInt8>,
        limits: JSONLimits,
        excerpt: JSONExcerpt = JSONExcerpt(name: "", depth: 0, limit: 0),
        replacesLoneSurrogates: Bool
    ) throws(JSONError) {
        let parsed =
            bytes.withContiguousStorageIfAvailable { Self.parsed($0, limits, excerpt, replacesLoneSurrogates) }
            ?? Array(bytes).withUnsafeBufferPointer { Self.parsed($0, limits, excerpt, replacesLoneSurrogates) }
        self = try parsed.get()
    }

    private static func parsed(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ limits: JSONLimits,
        _ excerpt: JSONExcerpt,
        _ replacesLoneSurrogates: Bool
    ) -> Result<JSONDocument, JSONError> {
        Result { () throws(JSONError) in
            var parser = try JSONParser(bytes: bytes, limits: limits)
            parser.repeatedNames = JSONRepeatedNames(limit: 16)
            parser.excerpt = excerpt
            parser.replacesLoneSurrogates = replacesLoneSurrogates
            return JSONDocument(
                value: try parser.document(),
                repeatedNames: parser.repeatedNames.pointers(maximumBytes: 1 << 16),
                omitted: parser.omitted
            )
        }
    }

    private init(value: JSON, repeatedNames: [String], omitted: [Int: Int]) {
        self.value = value
        self.repeatedNames = repeatedNames
        self.omitted = omitted
    }
}
