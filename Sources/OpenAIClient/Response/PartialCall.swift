import ToolJSON

/// A tool call of which some pieces have arrived.
struct PartialCall: Sendable {
    private(set) var id: String?
    private(set) var name = ""
    /// The pieces of the arguments as JSON text.
    private var text = ""
    /// The arguments, if the server sends them as a value instead of a string.
    private var value: JSON?

    /// The id in a piece, or nil if it has none.
    static func id(in piece: JSON) -> String? { piece["id"]?.string.flatMap { $0.isEmpty ? nil : $0 } }

    /// The tool's name in a piece, or nil if it has none.
    static func name(in piece: JSON) -> String? {
        piece[pointer: "/function/name"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Returns true if a piece begins another call, although it has the same index.
    ///
    /// Some servers give all calls the index 0, or none. A new id begins a call, and so does a name after arguments that
    /// look complete.
    func isEnded(by piece: JSON) -> Bool {
        if let id, let other = Self.id(in: piece) { return other != id }
        guard Self.name(in: piece) != nil, !name.isEmpty else { return false }
        return value != nil || text.utf8.last { $0 > 0x20 } == UInt8(ascii: "}")
    }

    /// Adds a piece.
    ///
    /// - Returns: The number of bytes that it adds.
    mutating func add(_ piece: JSON) -> Int {
        var size = 0
        if id == nil, let id = Self.id(in: piece) {
            self.id = id
            size += id.utf8.count
        }
        // Some servers repeat the name in each piece.
        if let name = Self.name(in: piece), name != self.name {
            self.name += name
            size += name.utf8.count
        }
        switch piece[pointer: "/function/arguments"] {
        case .string(let part)?:
            text += part
            size += part.utf8.count
        case nil, .null?: break
        case let other?:
            value = other
            size += other.footprint
        }
        return size
    }

    /// Returns the call in the form of Ollama's protocol.
    ///
    /// - Parameter maximumValues: The maximum number of JSON values in the arguments. Arguments with more values, and
    ///   those that are not JSON, stay a string.
    func json(maximumValues: Int) -> JSON {
        var function: JSONObject = ["name": .string(name)]
        function["arguments"] = value ?? Self.arguments(text, maximumValues)
        var call: JSONObject = [:]
        if let id { call["id"] = .string(id) }
        call["function"] = .object(function)
        return .object(call)
    }

    private static func arguments(_ text: String, _ maximumValues: Int) -> JSON {
        if text.utf8.allSatisfy({ $0 <= 0x20 }) { return [:] }
        let limits = JSONLimits(values: maximumValues)
        return (try? JSONDocument(parsing: text.utf8, limits: limits, replacesLoneSurrogates: true).value)
            ?? .string(text)
    }
}
