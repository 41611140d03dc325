import ToolJSON
import ToolRuntime

extension PolicyFile.Rule {
    /// The maximum size of a value other than a string that is compared, in bytes of JSON.
    private static let maximumValueBytes = 64 << 10

    /// Returns true if the rule applies to a call.
    func matches(_ request: AuthorizationRequest) -> Bool {
        guard TextPattern(tool).matches(request.toolName) ?? (decision != .allow) else { return false }
        if let plugin, request.plugin?.file.hasSameBytes(as: plugin) != true { return false }
        return arguments.allSatisfy { argument in
            guard let value = request.arguments[pointer: argument.pointer] else { return false }
            if value.string == nil, value.byteCount(upTo: Self.maximumValueBytes) > Self.maximumValueBytes {
                return decision != .allow
            }
            return decision == .allow
                ? matchesExactly(value, argument.pattern) : matchesAnySpelling(of: value, argument.pattern)
        }
    }

    /// Returns true if a pattern that allows matches a value.
    private func matchesExactly(_ value: JSON, _ pattern: String) -> Bool {
        let text = value.string ?? value.text()
        // A path below an allowed directory must not lead out of it. C reads a string up to its first zero byte.
        return !text.utf8.contains(0) && !Self.path(text).leadsUp && TextPattern(pattern).matches(text) == true
    }

    /// Returns true if a pattern that asks or denies matches any spelling of a value.
    private func matchesAnySpelling(of value: JSON, _ pattern: String) -> Bool {
        let matcher = TextPattern(pattern)
        let texts = value.string.map { [$0] } ?? [value.text(), value.withSimplestNumbers.text()]
        let isFound = texts.contains { text in
            text.utf8.contains(0) || matcher.matches(text) != false || matcher.matches(Self.path(text).text) != false
        }
        // Equal numbers match, however they are written.
        return isFound || value.string == nil && (try? JSON(parsing: pattern)) == value
    }

    /// The path that a string comes to without `//`, `.` and `..`, and true if one of its names is `..`.
    ///
    /// Symbolic links are not resolved. A string can be megabytes of slashes, so its names are not copied one by one.
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
            // Only the last name is read again, so the work is linear.
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
    /// Returns true if this rule is narrower than another one: at least as narrow in everything, and narrower in
    /// something.
    ///
    /// A rule is at least as narrow if it names a plugin where the other does, if the pattern of its tool is at least
    /// as narrow, and if it has each pointer of the other with a pattern that is at least as narrow.
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
    /// The value with each number in its shortest spelling: `1` for `1.0` and `10e-1`.
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
