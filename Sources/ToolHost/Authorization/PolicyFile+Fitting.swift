import ToolJSON

extension PolicyFile.Rule {
    /// The longest value besides strings that is compared, in bytes of JSON.
    private static let longestValue = 64 << 10

    /// True if the rule is for a call of a tool of the plugin at that real path.
    func fits(_ call: ToolCall, of plugin: String?) -> Bool {
        guard TextPattern(tool).matches(call.name) ?? (decision != .allow) else { return false }
        if let own = self.plugin, plugin?.hasSameBytes(as: own) != true { return false }
        return arguments.allSatisfy { argument in
            guard let value = call.arguments[pointer: argument.pointer] else { return false }
            if value.string == nil, value.byteCount(upTo: Self.longestValue) > Self.longestValue {
                return decision != .allow
            }
            return decision == .allow ? allows(value, argument.pattern) : stops(value, argument.pattern)
        }
    }

    private func allows(_ value: JSON, _ pattern: String) -> Bool {
        let text = value.string ?? value.text()
        // What is allowed below a directory is not allowed beside it. C reads a string up to its first zero.
        return !text.utf8.contains(0) && !Self.path(text).leadsUp && TextPattern(pattern).matches(text) == true
    }

    private func stops(_ value: JSON, _ pattern: String) -> Bool {
        let matcher = TextPattern(pattern)
        let texts = value.string.map { [$0] } ?? [value.text(), value.withSimplestNumbers.text()]
        let isFound = texts.contains { text in
            text.utf8.contains(0) || matcher.matches(text) != false || matcher.matches(Self.path(text).text) != false
        }
        // A number is the same in all of its spellings.
        return isFound || value.string == nil && (try? JSON(parsing: pattern)) == value
    }

    /// The path that a string comes to without `//`, `.` and `..`, and true if one of its names is `..`.
    ///
    /// Symbolic links are not resolved. A string can be megabytes of slashes, so no name becomes a value of its own.
    private static func path(_ text: String) -> (text: String, leadsUp: Bool) {
        let slash = UInt8(ascii: "/")
        let dots = UInt8(ascii: ".")
        let isAbsolute = text.isAbsolutePath
        var path: [UInt8] = isAbsolute ? [slash] : []
        let root = path.count
        var leadsUp = false
        let bytes = text.utf8Span.span
        var start = 0
        while start < bytes.count {
            var end = start
            while end < bytes.count, bytes[end] != slash { end += 1 }
            let length = end - start
            let isUp = length == 2 && bytes[start] == dots && bytes[start + 1] == dots
            leadsUp = leadsUp || isUp
            // Nothing but the end of the last name is read again: the work is linear.
            let last = isUp ? path.lastIndex(of: slash).map { $0 + 1 } ?? 0 : 0
            if isUp, path.count > root, !path[last...].elementsEqual([dots, dots]) {
                path.removeSubrange(max(root, last - 1)...)
            } else if length > 0, !(length == 1 && bytes[start] == dots), !(isUp && isAbsolute) {
                if path.count > root { path.append(slash) }
                for place in start..<end { path.append(bytes[place]) }
            }
            start = end + 1
        }
        return (String(decoding: path, as: UTF8.self), leadsUp)
    }
}

// MARK: - Precedence

extension PolicyFile.Rule {
    /// True if this rule is narrower than another one: at least as narrow in everything, and narrower in something.
    ///
    /// A rule is at least as narrow if it names a plugin where the other does, if the pattern of its tool is at least as
    /// narrow, and if it has each pointer of the other with a pattern that is at least as narrow.
    public func isNarrower(than other: PolicyFile.Rule) -> Bool {
        isAtLeastAsNarrow(as: other) && !other.isAtLeastAsNarrow(as: self)
    }

    private func isAtLeastAsNarrow(as other: PolicyFile.Rule) -> Bool {
        guard other.plugin == nil || plugin != nil,
            TextPattern(tool).narrowness >= TextPattern(other.tool).narrowness
        else { return false }
        return other.arguments.allSatisfy { theirs in
            arguments.contains { own in
                own.pointer.hasSameBytes(as: theirs.pointer)
                    && TextPattern(own.pattern).narrowness >= TextPattern(theirs.pattern).narrowness
            }
        }
    }
}

extension JSON {
    /// The same value with each number as short as it can be written: `1` for `1.0` and `10e-1`.
    fileprivate var withSimplestNumbers: JSON {
        switch self {
        case .number(let number):
            number.int64.map(JSON.int) ?? JSONNumber(number.double).map(JSON.number) ?? self
        case .array(let elements): .array(elements.map(\.withSimplestNumbers))
        case .object(let members): .object(JSONObject(members.map { ($0.key, $0.value.withSimplestNumbers) }))
        default: self
        }
    }
}
