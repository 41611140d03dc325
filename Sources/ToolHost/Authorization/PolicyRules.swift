import ToolJSON
import ToolRuntime

/// The content of the policy file.
struct PolicyRules: WritableUserFileContent {
    private(set) var rules: [PolicyFile.Rule] = []
    /// The `$schema` that an editor validates the file by.
    private var schema: JSON?

    static let title = "The policy"
    static let maximumBytes = 1 << 20
    private static let version = 1
    private static let maximumRules = 1000
    private static let maximumPattern = 4096

    init() {}

    init(parsing bytes: [UInt8]) throws(UserFileError) {
        let parsed: JSONDocument
        do {
            parsed = try JSONDocument(parsing: bytes)
        } catch {
            throw UserFileError("is not valid JSON: \(error).", underlyingError: error)
        }
        // The last value of a repeated name would apply, and a rule that denies could be lost unnoticed.
        if let name = parsed.repeatedNames.first { throw UserFileError("gives \(name) more than once; give it once.") }
        let document = parsed.value
        let known = ["version", "rules"]
        if let (key, words) = NearNames.unknownKey(in: document.object ?? [:], known: known, isDocument: true) {
            throw UserFileError("has the unknown key \"\(key)\"; \(words)")
        }
        guard let version = document["version"]?.int, let values = document["rules"]?.array else {
            throw UserFileError("needs a \"version\" and an array of \"rules\".")
        }
        try Self.checkVersion(version, is: Self.version)
        guard values.count <= Self.maximumRules else {
            throw UserFileError("has more than \(Self.maximumRules) rules.")
        }
        for (index, value) in values.enumerated() { rules.append(try Self.rule(value, number: index + 1)) }
        schema = document["$schema"]
    }

    /// Adds a rule before all others, unless there is an equal one.
    mutating func add(_ rule: PolicyFile.Rule) throws(UserFileError) {
        guard !rules.contains(rule) else { return }
        guard rules.count < Self.maximumRules else {
            throw UserFileError("has \(rules.count) rules, which is the maximum. Remove some.")
        }
        rules.insert(rule, at: 0)
    }

    var bytes: [UInt8] {
        var document: JSONObject = [:]
        document["$schema"] = schema
        document["version"] = .int(Self.version)
        document["rules"] = .array(rules.map(\.json))
        return JSON.object(document).bytes(.pretty) + [0x0A]
    }

    private static func rule(_ value: JSON, number: Int) throws(UserFileError) -> PolicyFile.Rule {
        guard let rule = PolicyFile.Rule(value) else {
            throw UserFileError(
                "has an invalid rule, number \(number): it needs \"tool\" and a \"decision\" (allow, ask or deny), and may "
                    + "have \"plugin\" (an absolute path), \"arguments\" and a \"reason\"."
                    + PolicyFile.Rule.question(about: value)
            )
        }
        guard ([rule.tool] + rule.arguments.map(\.pattern)).allSatisfy({ $0.utf8.count <= maximumPattern }) else {
            throw UserFileError("has a pattern of more than \(maximumPattern) bytes in its rule \(number).")
        }
        return rule
    }
}

// MARK: - JSON

extension PolicyFile.Rule {
    private static let keys = ["tool", "plugin", "arguments", "decision", "reason"]

    /// A sentence about an unknown key or a mistyped decision of a rule, or "".
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
