/// A parsed JSON text: its value and the names that it repeats.
///
/// ```swift
/// let document = try JSONDocument(parsing: #"{"port": 1, "port": 2}"#.utf8)
/// document.value           // {"port":2}
/// document.repeatedNames   // ["/port"]
/// ```
public struct JSONDocument: Sendable {
    /// The value.
    ///
    /// If an object repeats a name, it contains the last value.
    public let value: JSON

    /// JSON pointers (RFC 6901) to the names that occur more than once in their object.
    ///
    /// Empty if and only if no name is repeated.
    ///
    /// At most 16 names are reported, and fewer if the pointers are very long.
    public let repeatedNames: [String]

    /// The number of elements that an excerpt omits from ``value``, keyed by the depth of the array's object.
    package let omitted: [Int: Int]

    /// One sentence for each repeated name.
    public var warnings: [String] {
        repeatedNames.map { "\($0) is given more than once, and the last one counts." }
    }

    /// Parses one JSON text (RFC 8259).
    ///
    /// Only white space may surround the value.
    ///
    /// A repeated name is not an error; it is listed in ``repeatedNames``.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8, without a byte order mark.
    ///   - limits: The maximum size of the text.
    /// - Throws: ``JSONError`` with the offset of the first invalid byte, or if the text exceeds a limit.
    public init(parsing bytes: some Collection<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: bytes, limits: limits, replacesLoneSurrogates: false)
    }

    /// Parses one JSON text and keeps only the beginning of some arrays.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8, without a byte order mark.
    ///   - limits: The maximum size of the text. Omitted elements do not count as values.
    ///   - excerpt: The arrays to keep only in part. The rest is validated and counted in ``omitted``.
    ///   - replacesLoneSurrogates: True to replace an escaped lone surrogate by U+FFFD. Otherwise it is an error,
    ///     because it is not a character.
    /// - Throws: ``JSONError`` with the offset of the first invalid byte, or if the text exceeds a limit.
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
            try withUnsafeTemporaryAllocation(of: JSONObject.Entry.self, capacity: 16) { scratch throws(JSONError) in
                var parser = try JSONParser(bytes: bytes, limits: limits)
                parser.members = MoveStack(scratch: scratch)
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
    }

    private init(value: JSON, repeatedNames: [String], omitted: [Int: Int]) {
        self.value = value
        self.repeatedNames = repeatedNames
        self.omitted = omitted
    }
}
