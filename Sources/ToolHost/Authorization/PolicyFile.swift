import ToolJSON

/// What a user has decided about calls in advance: `policy.json`.
///
/// ```json
/// {"version": 1, "rules": [
///     {"tool": "read_file", "arguments": {"/path": "notes/*"}, "decision": "allow"},
///     {"tool": "delete_*", "decision": "deny", "reason": "nothing is deleted here"}
/// ]}
/// ```
///
/// A rule may have `"plugin"`, the absolute path of a plugin's file with no symbolic link on it: it holds for the tools of
/// that plugin alone, and not for another plugin's tool of the same name.
///
/// In a pattern `*` stands for any characters or none and `?` for one Unicode scalar; all others, `[` and `\` too, stand for
/// themselves.
///
/// A rule that denies comes before all others. Of the others, the narrower rule counts, and where none is narrower, the
/// one that asks: a rule that asks stands unless a rule that allows is narrower than it. The order of the rules does not
/// matter. One rule is narrower than another if it is at least as narrow in each of these, and narrower in one:
/// - the plugin: a rule with `"plugin"` is narrower than one without;
/// - the tool: a name is narrower than a pattern, and a pattern with more characters besides `*` than one with fewer;
/// - the arguments: a rule with a pointer is narrower than one without it, and patterns compare as those of tools do.
///
/// In doubt a rule is the strict one. What allows fits a text as it stands, and none with a zero or with `..` between
/// slashes. What asks or denies fits a text as it stands or as the path that it comes to once `//`, `.`, `..` and a
/// slash at its end are taken out; any text with a zero, which C would read as a shorter one; and a number however it is
/// written: `1.0` where the pattern says `1`; and a text too long to be compared with the pattern in bounded time. Patterns
/// match the path as written; symbolic links are not resolved: what must not be read must not be granted.
public struct PolicyFile: Sendable, Hashable {
    /// What is to become of a call.
    public enum Decision: String, Sendable, Hashable {
        /// It runs.
        case allow
        /// The user is asked.
        case ask
        /// It does not run.
        case deny
    }

    /// What a rule says of one argument.
    public struct Argument: Sendable, Hashable {
        /// Where it stands, a JSON pointer.
        public var pointer: String
        /// A pattern of its text; of a value that is no text, of its JSON.
        public var pattern: String

        /// A pattern for an argument.
        public init(_ pointer: String, _ pattern: String) {
            self.pointer = pointer
            self.pattern = pattern
        }
    }

    /// One rule.
    public struct Rule: Sendable, Hashable {
        /// Which tools: a pattern of their names.
        public var tool: String
        /// Of which plugin: the real path of its file; `nil` for all plugins, and tools of the program.
        public var plugin: String?
        /// Which arguments: all of these must fit.
        public var arguments: [Argument]
        /// What becomes of calls that fit.
        public var decision: Decision
        /// Why, for the model to read.
        public var reason: String?

        /// A rule.
        public init(
            tool: String,
            plugin: String? = nil,
            arguments: [Argument] = [],
            decision: Decision,
            reason: String? = nil
        ) {
            self.tool = tool
            self.plugin = plugin
            self.arguments = arguments
            self.decision = decision
            self.reason = reason
        }
    }

    /// The rules, in the order of the file.
    public private(set) var rules: [Rule] = []

    private let path: String

    private static let version = 1
    private static let maximumBytes = 1 << 20
    private static let maximumRules = 1000
    private static let maximumPattern = 4096

    /// Reads the file at a path, which need not be there.
    ///
    /// - Throws: ``ToolHostError`` where it is damaged, of a later version, or others may write it.
    public init(path: String) throws(ToolHostError) {
        self.path = path
        rules = try Self.read(path).rules
    }

    /// The outcome of the rules for a call.
    enum Verdict {
        case deny(reason: String?)
        /// These rules ask, and no rule that allows is narrower than any of them.
        case ask([Rule])
        case allow
    }

    /// The outcome of the rules for a call, or nil if no rule fits it.
    ///
    /// - Parameter plugin: The real path of the tool's plugin.
    func verdict(for call: ToolCall, of plugin: String?) -> Verdict? {
        let fitting = rules.filter { $0.fits(call, of: plugin) }
        if let rule = fitting.first(where: { $0.decision == .deny }) { return .deny(reason: rule.reason) }
        let allowing = fitting.filter { $0.decision == .allow }
        let asking = fitting.filter { rule in
            rule.decision == .ask && !allowing.contains { $0.isNarrower(than: rule) }
        }
        if !asking.isEmpty { return .ask(asking) }
        return allowing.isEmpty ? nil : .allow
    }

    /// Adds a rule for good, before all others.
    public mutating func add(_ rule: Rule) throws(ToolHostError) {
        let path = path
        var problem: ToolHostError?
        do throws(UserFileError) {
            rules = try PrivateFile.exclusively(path) { () throws(UserFileError) in
                var rules: [Rule]
                let schema: JSON?
                do throws(ToolHostError) {
                    (rules, schema) = try Self.read(path)
                } catch {
                    problem = error
                    return self.rules
                }
                if !rules.contains(rule) {
                    guard rules.count < Self.maximumRules else {
                        problem = Self.fault(path, "has \(rules.count) rules, which is the maximum. Remove some.")
                        return self.rules
                    }
                    rules.insert(rule, at: 0)
                }
                var document: JSONObject = [:]
                document["$schema"] = schema
                document["version"] = .int(Self.version)
                document["rules"] = .array(rules.map(\.json))
                try PrivateFile.write(JSON.object(document).bytes(.pretty) + [0x0A], to: path)
                return rules
            }
        } catch {
            throw Self.fault(path, error.sentence)
        }
        if let problem { throw problem }
    }

    /// Reads the rules, and the `$schema` that an editor validates the file by.
    private static func read(_ path: String) throws(ToolHostError) -> (rules: [Rule], schema: JSON?) {
        let bytes: [UInt8]?
        do {
            bytes = try PrivateFile.read(path, limit: maximumBytes)
        } catch {
            throw fault(path, error.sentence)
        }
        guard let bytes else { return ([], nil) }
        let parsed: JSONDocument
        do {
            parsed = try JSONDocument(parsing: bytes)
        } catch {
            throw fault(path, "is not valid JSON: \(error).")
        }
        // The last one would count, and a rule that denies would be gone without a word.
        if let name = parsed.repeatedNames.first { throw fault(path, "gives \(name) more than once; give it once.") }
        let document = parsed.value
        let known = ["version", "rules"]
        if let (key, words) = NearNames.unknownKey(in: document.object ?? [:], known: known, isDocument: true) {
            throw fault(path, "has the unknown key \"\(key)\"; \(words)")
        }
        guard let version = document["version"]?.int, let values = document["rules"]?.array else {
            throw fault(path, "needs a \"version\" and an array of \"rules\".")
        }
        guard version == Self.version else {
            throw fault(path, "was written for another version of toolhost (\(version)). Update toolhost.")
        }
        guard values.count <= maximumRules else { throw fault(path, "has more than \(maximumRules) rules.") }
        var rules: [Rule] = []
        for (index, value) in values.enumerated() {
            guard let rule = Rule(value) else {
                throw fault(
                    path,
                    "has a rule, number \(index + 1), that cannot be used: it needs \"tool\" and a \"decision\" (allow, ask or "
                        + "deny), and may have \"plugin\" (an absolute path), \"arguments\" and a \"reason\"."
                        + Rule.question(about: value)
                )
            }
            guard ([rule.tool] + rule.arguments.map(\.pattern)).allSatisfy({ $0.utf8.count <= maximumPattern }) else {
                throw fault(path, "has a pattern of more than \(maximumPattern) bytes in its rule \(index + 1).")
            }
            rules.append(rule)
        }
        return (rules, document["$schema"])
    }

    private static func fault(_ path: String, _ words: String) -> ToolHostError {
        ToolHostError(message: "The policy \(path) \(words)")
    }
}

// MARK: - JSON

extension PolicyFile.Rule {
    private static let keys = ["tool", "plugin", "arguments", "decision", "reason"]

    /// Words about an unknown key or a mistyped decision of a rule, or nothing.
    fileprivate static func question(about json: JSON) -> String {
        if let (key, words) = NearNames.unknownKey(in: json.object ?? [:], known: keys) {
            return " It has the unknown key \"\(key)\"; \(words)"
        }
        guard let decision = json["decision"]?.string, PolicyFile.Decision(rawValue: decision) == nil else { return "" }
        return NearNames.question(decision, among: ["allow", "ask", "deny"])
    }

    fileprivate init?(_ json: JSON) {
        guard let members = json.object, let tool = members["tool"]?.string,
            let decision = members["decision"]?.string.flatMap(PolicyFile.Decision.init),
            members.keys.allSatisfy(Self.keys.contains),
            members["plugin"].map({ $0.string?.isAbsolutePath == true }) ?? true
        else { return nil }
        var arguments: [PolicyFile.Argument] = []
        guard let patterns = (members["arguments"] ?? [:]).object else { return nil }
        for (pointer, pattern) in patterns {
            guard let pattern = pattern.string, pointer.isEmpty || pointer.isAbsolutePath else { return nil }
            arguments.append(PolicyFile.Argument(pointer, pattern))
        }
        self.init(
            tool: tool,
            plugin: members["plugin"]?.string,
            arguments: arguments,
            decision: decision,
            reason: members["reason"]?.string
        )
    }

    fileprivate var json: JSON {
        var members: JSONObject = ["tool": .string(tool)]
        members["plugin"] = plugin.map(JSON.string)
        if !arguments.isEmpty {
            members["arguments"] = .object(JSONObject(arguments.map { ($0.pointer, .string($0.pattern)) }))
        }
        members["decision"] = .string(decision.rawValue)
        members["reason"] = reason.map(JSON.string)
        return .object(members)
    }
}
