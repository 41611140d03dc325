/// The decisions about calls that a user has made in advance: `policy.json`.
///
/// ```json
/// {"version": 1, "rules": [
///     {"tool": "read_file", "arguments": {"/path": "notes/*"}, "decision": "allow"},
///     {"tool": "delete_*", "decision": "deny", "reason": "nothing is deleted here"}
/// ]}
/// ```
///
/// A rule may have `"plugin"`, the absolute path of a plugin's file without symbolic links. Then it applies to the
/// tools of that plugin only, and not to a tool of the same name of another plugin.
///
/// ## Patterns
///
/// In a pattern `*` matches any number of Unicode scalars and `?` matches one. All other scalars match themselves,
/// including `[` and `\`.
///
/// ## Precedence
///
/// A rule that denies has precedence over all others. Of the others the narrower rule applies: a rule that asks applies
/// unless a rule that allows is narrower than it. The order of the rules does not matter. One rule is narrower than
/// another if it is at least as narrow in each of the following, and narrower in one:
/// - the plugin: a rule with `"plugin"` is narrower than one without;
/// - the tool: a name is narrower than a pattern, and a pattern with more characters besides `*` than one with fewer;
/// - the arguments: a rule with a pointer is narrower than one without it, and their patterns compare as those of tools
///   do.
///
/// ## Strictness
///
/// A rule that allows matches a string as written, and no string with a zero byte or with `..` between slashes. A rule
/// that asks or denies also matches:
/// - the path that the string comes to without `//`, `.`, `..` and a slash at its end;
/// - any string with a zero byte, which C reads as a shorter string;
/// - a number in any spelling: `1.0` if the pattern is `1`;
/// - a string that is too long to be compared with the pattern in bounded time.
///
/// Patterns match the path as written; symbolic links are not resolved. To keep a plugin from reading something, do not
/// grant it.
public struct PolicyFile: Sendable, Hashable {
    /// The decision of a rule.
    public enum Decision: String, Sendable, Hashable {
        /// The call runs.
        case allow
        /// The user is asked.
        case ask
        /// The call does not run.
        case deny
    }

    /// The condition of a rule on one argument.
    public struct Argument: Sendable, Hashable {
        /// The JSON pointer of the value.
        public var pointer: String
        /// The pattern for the value: a string itself, or the JSON text of any other value.
        public var pattern: String

        /// Creates a condition.
        public init(_ pointer: String, _ pattern: String) {
            self.pointer = pointer
            self.pattern = pattern
        }
    }

    /// A rule.
    public struct Rule: Sendable, Hashable {
        /// The pattern for the tool's name.
        public var tool: String
        /// The real path of the plugin's file, or nil for all plugins and the tools of the program.
        public var plugin: String?
        /// The conditions on arguments; a call must meet all of them.
        public var arguments: [Argument]
        /// The decision about calls that match.
        public var decision: Decision
        /// The reason that the model reads in the result of a denied call.
        public var reason: String?

        /// Creates a rule.
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

    private let file: UserFile<PolicyRules>

    /// Reads the file at a path; an absent file has no rules.
    ///
    /// - Throws: ``ToolHostError`` if the file is invalid, a later version wrote it, or other users may write it.
    public init(path: String) throws(ToolHostError) {
        file = UserFile(path: path)
        rules = try file.read()?.rules ?? []
    }

    /// Adds a rule to the file, before all others, unless the file already has it.
    ///
    /// - Throws: ``ToolHostError`` if the file cannot be read or written, or already has 1,000 rules.
    public mutating func add(_ rule: Rule) throws(ToolHostError) {
        rules = try file.update { content throws(UserFileError) in
            try content.add(rule)
            return content.rules
        }
    }

    // MARK: - Verdict

    /// The outcome of the rules for a call.
    enum Verdict {
        case deny(reason: String?)
        /// These rules ask, and no rule that allows is narrower than any of them.
        case ask([Rule])
        case allow
    }

    /// The outcome of the rules for a call, or nil if no rule matches it.
    func verdict(for request: AuthorizationRequest) -> Verdict? { Self.verdict(for: request, of: rules) }

    /// The outcome of some rules for a call, or nil if none of them matches it.
    static func verdict(for request: AuthorizationRequest, of rules: [Rule]) -> Verdict? {
        let matching = rules.filter { $0.matches(request) }
        if let rule = matching.first(where: { $0.decision == .deny }) { return .deny(reason: rule.reason) }
        let allowing = matching.filter { $0.decision == .allow }
        let asking = matching.filter { rule in
            rule.decision == .ask && !allowing.contains { $0.isNarrower(than: rule) }
        }
        if !asking.isEmpty { return .ask(asking) }
        return allowing.isEmpty ? nil : .allow
    }
}
