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

/// The arrays of which a parser keeps only the beginning.
package struct JSONExcerpt: Sendable {
    /// The name of the members whose arrays these are.
    package let name: String
    /// The greatest depth of their objects: the outermost object has depth 1.
    package let depth: Int
    /// The number of elements to keep.
    package let limit: Int

    package init(name: String, depth: Int, limit: Int) {
        self.name = name
        self.depth = depth
        self.limit = limit
    }
}

/// The names that a text has been found to repeat, each with its path as far as the parser has left it.
struct JSONRepeatedNames {
    /// How many are kept; none where nobody asks.
    let limit: Int

    /// Reference tokens, the innermost first: a parser that ascends from a name learns of its parents one by one.
    private var paths: [[String]] = []

    init(limit: Int) { self.limit = limit }

    var count: Int { paths.count }

    /// Notes a name of the object that was opened when there were `outer` paths.
    mutating func insert(_ name: String, since outer: Int) {
        guard paths.count < limit,
            !paths[outer...].contains(where: { $0.count == 1 && $0[0].hasSameBytes(as: name) })
        else { return }
        paths.append([name])
    }

    /// Puts a parent around all paths but the first `outer`.
    mutating func ascend(to parent: String, since outer: Int) {
        for index in outer..<paths.count { paths[index].append(parent) }
    }

    /// The paths as JSON pointers; after the first, only as many as are no longer than that in sum.
    func pointers(maximumBytes: Int) -> [String] {
        var pointers: [String] = []
        var bytes = 0
        for path in paths {
            bytes += path.reduce(0) { $0 + $1.utf8.count + 1 }
            if bytes > maximumBytes, !pointers.isEmpty { break }
            pointers.append(JSONPointer.descending(by: path.reversed()))
        }
        return pointers
    }
}
