import ToolJSON

extension PolicyFile.Rule {
    /// Whether a call fits, of a tool of the plugin at that real path.
    func fits(_ call: ToolCall, of plugin: String?) -> Bool {
        guard TextPattern(tool).matches(call.name) ?? (decision != .allow) else { return false }
        if let own = self.plugin, plugin?.hasSameBytes(as: own) != true { return false }
        return arguments.allSatisfy { argument in
            guard let value = call.arguments[pointer: argument.pointer] else { return false }
            return decision == .allow ? allows(value, argument.pattern) : stops(value, argument.pattern)
        }
    }

    private func allows(_ value: JSON, _ pattern: String) -> Bool {
        let text = value.string ?? value.text()
        // What is allowed below a folder is not allowed beside it. C sees a text up to its first zero.
        return !text.utf8.contains(0) && !text.pathNames.contains("..")
            && TextPattern(pattern).matches(text) == true
    }

    private func stops(_ value: JSON, _ pattern: String) -> Bool {
        let matcher = TextPattern(pattern)
        let texts = value.string.map { [$0] } ?? [value.text(), value.withSimplestNumbers.text()]
        let isFound = texts.contains { text in
            text.utf8.contains(0) || matcher.matches(text) != false || matcher.matches(Self.path(text)) != false
        }
        // Whoever names a value means it in whatever digits.
        return isFound || value.string == nil && (try? JSON(parsing: pattern)) == value
    }

    /// The path that a text comes to, links aside.
    private static func path(_ text: String) -> String {
        var names: [String] = []
        for name in text.pathNames where name != "." {
            if name != ".." {
                names.append(name)
            } else if let last = names.last, last != ".." {
                names.removeLast()
            } else if !text.isAbsolutePath {
                names.append(name)
            }
        }
        return (text.isAbsolutePath ? "/" : "") + names.joined(separator: "/")
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
