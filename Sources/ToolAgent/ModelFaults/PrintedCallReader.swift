import ToolJSON

/// A reader of texts that are calls as a whole, in the notations of the families of models.
///
/// The reader knows no tools. Each text is read once from its beginning to its end.
enum PrintedCallReader {
    /// The maximum length of a text that is read, in bytes.
    static let maximumBytes = 64 << 10
    /// The maximum number of calls in a text.
    static let maximumCalls = 8

    typealias Bytes = ArraySlice<UInt8>

    /// The calls of a text.
    struct Reading: Equatable {
        let calls: [PrintedCall]
        /// True if the notation has no other meaning than a call.
        ///
        /// `add(a=1)` alone can also be code.
        let isUnmistakable: Bool
    }

    /// Reads a text, of which all but the surrounding white space must be calls.
    static func reading(of text: String) -> Reading? {
        guard text.utf8.count <= maximumBytes else { return nil }
        return reading(of: Array(text.utf8)[...])
    }

    static func reading(of text: Bytes) -> Reading? {
        var text = text.trimmed
        let fenced = text.unfenced
        if let fenced { text = fenced.trimmed }
        while let mark = endMarks.first(where: text.ends) { text = text.dropLast(mark.count).trimmed }
        if let calls = markedCalls(in: text) { return Reading(calls, isUnmistakable: true) }
        guard let calls = plainCalls(in: text) else { return nil }
        // A list of Python begins as one of JSON.
        return Reading(calls, isUnmistakable: text.first == UInt8(ascii: "{") || json(text) != nil)
    }

    /// The marks that a model may print after its last call.
    private static let endMarks = ["<|call|>", "<|eom_id|>", "<|eot_id|>", "<|im_end|>", "<|end|>", "</s>"].map(\.bytes)

    /// Returns the parts of a longer text that may be calls, such as the first block of code in it.
    static func parts(of text: String) -> [Bytes] {
        guard text.utf8.count <= maximumBytes else { return [] }
        let bytes = Array(text.utf8)[...]
        func part(_ start: String, _ end: String) -> Bytes? {
            guard let first = bytes.firstRange(of: start.bytes) else { return nil }
            let rest = bytes[first.lowerBound...]
            guard !end.isEmpty else { return rest }
            // Up to the last mark: several calls follow each other.
            let ends = rest.dropFirst(start.utf8.count).ranges(of: end.bytes)
            return ends.last.map { rest[..<$0.upperBound] } ?? rest
        }
        let marked = [
            ("<tool_call>", "</tool_call>"), ("<function=", "</function>"), ("[TOOL_CALLS]", ""),
            ("<|python_tag|>", ""), ("<|channel|>commentary", ""),
        ].compactMap(part)
        let fences = bytes.ranges(of: "```".bytes).prefix(2)
        let block = fences.count == 2 ? [bytes[fences[0].lowerBound..<fences[1].upperBound]] : []
        var object: [Bytes] = []
        if let end = bytes.lastIndex(of: UInt8(ascii: "}")),
            let line = bytes[...end].split(separator: 0x0A).first(where: { $0.first == UInt8(ascii: "{") })
        {
            object = [bytes[line.startIndex...end]]
        }
        return marked + block + object
    }

    // MARK: - Notations with marks

    private static func markedCalls(in text: Bytes) -> [PrintedCall]? {
        for name in ["tool_call", "tool_calls"] {
            let (start, end) = ("<\(name)>".bytes, "</\(name)>".bytes)
            if text.starts(with: start) { return sections(of: text, from: start, to: end, functionOrPlainCalls) }
        }
        let python = "<|python_tag|>".bytes
        if text.starts(with: python) { return plainCalls(in: text.dropFirst(python.count)) }
        let function = "<function=".bytes
        if text.starts(with: function) {
            return sections(of: text, from: function, to: "</function>".bytes, functionCall)
        }
        let list = "[TOOL_CALLS]".bytes
        if text.starts(with: list) { return sections(of: text, from: list, to: nil, listedCalls) }
        return harmonyCalls(in: text)
    }

    /// Reads a text of sections that begin with a mark.
    ///
    /// - Parameters:
    ///   - end: The mark at the end of a section, which the last section may lack; nil if a section ends at the next.
    ///   - read: Reads the text of a section.
    private static func sections(
        of text: Bytes,
        from start: [UInt8],
        to end: [UInt8]?,
        _ read: (Bytes) -> [PrintedCall]?
    ) -> [PrintedCall]? {
        var rest = text
        var calls: [PrintedCall] = []
        while !rest.isEmpty {
            guard rest.starts(with: start) else { return nil }
            rest = rest.dropFirst(start.count)
            let range = rest.firstRange(of: end ?? start)
            guard let found = read(rest[..<(range?.lowerBound ?? rest.endIndex)].trimmed) else { return nil }
            calls += found
            guard calls.count <= maximumCalls else { return nil }
            let next = end == nil ? range?.lowerBound : range?.upperBound
            rest = rest[(next ?? rest.endIndex)...].trimmed
        }
        return calls.isEmpty ? nil : calls
    }

    private static func functionOrPlainCalls(in text: Bytes) -> [PrintedCall]? {
        let function = "<function=".bytes
        guard text.starts(with: function) else { return plainCalls(in: text) }
        return sections(of: text, from: function, to: "</function>".bytes, functionCall)
    }

    /// Reads `NAME>{…}`.
    private static func functionCall(in text: Bytes) -> [PrintedCall]? {
        guard let end = text.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        return call(named: text[..<end], text[(end + 1)...])
    }

    /// Reads a JSON list of calls, or `NAME{…}`, with or without `[ARGS]` between them.
    private static func listedCalls(in text: Bytes) -> [PrintedCall]? {
        if text.first == UInt8(ascii: "[") || text.first == UInt8(ascii: "{") { return plainCalls(in: text) }
        guard let start = text.firstIndex(where: { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }) else {
            return nil
        }
        let (separator, arguments) = ("[ARGS]".bytes, text[start...])
        return call(
            named: text[..<start],
            arguments.starts(with: separator) ? arguments.dropFirst(separator.count) : arguments
        )
    }

    /// Reads `<|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{…}<|call|>`.
    private static func harmonyCalls(in text: Bytes) -> [PrintedCall]? {
        var rest = text
        let start = "<|start|>assistant".bytes
        if rest.starts(with: start) { rest = rest.dropFirst(start.count) }
        let (recipient, message) = ("to=functions.".bytes, "<|message|>".bytes)
        guard rest.starts(with: "<|channel|>".bytes) || rest.trimmed.starts(with: recipient),
            let header = rest.firstRange(of: message)
        else { return nil }
        let head = rest[..<header.lowerBound]
        guard let place = head.firstRange(of: recipient) else { return nil }
        let name = head[place.upperBound...].prefix { $0 > 0x20 && $0 != UInt8(ascii: "<") }
        return call(named: name, rest[header.upperBound...])
    }

    private static func call(named name: Bytes, _ arguments: Bytes) -> [PrintedCall]? {
        let name = String(decoding: name.trimmed, as: UTF8.self)
        guard !name.isEmpty, let arguments = json(arguments)?.object else { return nil }
        return [PrintedCall(name: name, arguments: arguments)]
    }

    // MARK: - JSON and Python

    private static func plainCalls(in text: Bytes) -> [PrintedCall]? {
        let text = text.trimmed
        guard let first = text.first else { return nil }
        if first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let json = json(text) { return calls(in: json) }
        if first == UInt8(ascii: "{") {
            // Some models print a call on each line.
            let lines = text.split { $0 == 0x0A || $0 == 0x0D || $0 == UInt8(ascii: ";") }.map(\.trimmed)
            guard (2...maximumCalls).contains(lines.count) else { return nil }
            let values = lines.compactMap(json)
            return values.count == lines.count ? calls(in: .array(values)) : nil
        }
        return PythonCallParser.calls(in: text, limit: maximumCalls)
    }

    private static func json(_ text: Bytes) -> JSON? {
        let limits = JSONLimits(depth: 32, bytes: maximumBytes, values: 1 << 13)
        guard let document = try? JSONDocument(parsing: text.trimmed, limits: limits), document.repeatedNames.isEmpty
        else { return nil }
        return document.value
    }

    private static func calls(in json: JSON) -> [PrintedCall]? {
        if let object = json.object, object.count == 1, let list = object["tool_calls"] { return calls(in: list) }
        let elements = json.array ?? [json]
        guard (1...maximumCalls).contains(elements.count) else { return nil }
        let calls = elements.compactMap(call)
        return calls.count == elements.count ? calls : nil
    }

    /// Reads `{"name": …, "arguments": {…}}`, also as the member `function` of an object, and with `parameters`.
    private static func call(_ json: JSON) -> PrintedCall? {
        guard var members = json.object else { return nil }
        let labels: Set<String> = ["type", "id"]
        if let function = members["function"]?.object {
            guard members.keys.allSatisfy({ $0 == "function" || labels.contains($0) }) else { return nil }
            members = function
        }
        let keys = Set(members.keys).subtracting(labels)
        guard let name = members["name"]?.string, !name.isEmpty, keys.count == 2,
            var arguments = members["arguments"] ?? members["parameters"]
        else { return nil }
        if let text = arguments.string, let inner = Self.json(Array(text.utf8)[...]) { arguments = inner }
        return arguments.object.map { PrintedCall(name: name, arguments: $0) }
    }
}

extension PrintedCallReader.Reading {
    fileprivate init(_ calls: [PrintedCall], isUnmistakable: Bool) {
        (self.calls, self.isUnmistakable) = (calls, isUnmistakable)
    }
}

extension String {
    fileprivate var bytes: [UInt8] { Array(utf8) }
}

extension ArraySlice<UInt8> {
    /// The bytes without white space at both ends.
    var trimmed: Self {
        guard let first = firstIndex(where: { $0 > 0x20 }), let last = lastIndex(where: { $0 > 0x20 }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }

    fileprivate func ends(with suffix: [UInt8]) -> Bool { self.suffix(suffix.count).elementsEqual(suffix) }

    /// The text in a fence of Markdown that is the whole text, or nil if there is none.
    fileprivate var unfenced: Self? {
        let fence = [UInt8](repeating: UInt8(ascii: "`"), count: 3)
        guard count >= 6, starts(with: fence), ends(with: fence) else { return nil }
        let inner = dropFirst(3).dropLast(3)
        let info = inner.prefix { $0 != 0x0A }
        let language = String(decoding: info.trimmed, as: UTF8.self)
        guard ["", "json", "tool_call", "tool_calls", "tool_code", "python", "xml"].contains(language),
            inner.firstRange(of: fence) == nil
        else { return nil }
        return inner.dropFirst(info.count)
    }
}
