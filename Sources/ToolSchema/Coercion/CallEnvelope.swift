import ToolJSON

/// An object that a model wrapped around the arguments of a call: `{"name": "add", "arguments": {"a": 1}}`.
struct CallEnvelope {
    /// The name of the member with the arguments.
    let payload: String

    /// True if the name of that member can only mean a call.
    let isCall: Bool

    /// The names of the members that describe the call, except ``toolLabels``.
    let labels: [String]

    /// The names of the members that contain the tool's name.
    let toolLabels: [String]

    /// The maximum number of nested envelopes that are removed.
    static let maximumNesting = 8

    private static let maximumMembers = 6
    private static let maximumNameLength = 40

    /// The names of members with the arguments of a call, in the form of ``plainName(_:)`` without a plural "s".
    private static let callNames: Set<String> = [
        "argument", "arg", "parameter", "param", "kwarg", "input", "function", "call", "tool",
    ]
    /// Names of such members that ordinary members can also have, in the same form.
    private static let ordinaryNames: Set<String> = ["propertie", "payload", "data", "body", "value"]
    private static let toolNames: Set<String> = ["name", "tool", "function", "action", "call"]
    private static let labelNames: Set<String> = [
        "type", "id", "callid", "index", "schema", "title", "description", "required", "additionalproperties", "strict",
    ]

    /// Recognizes an object as an envelope.
    ///
    /// - Returns: Nil if a member neither contains arguments nor describes a call of the tool, or if two members
    ///   contain arguments.
    init?(_ members: JSONObject, tool: String) {
        guard 1...Self.maximumMembers ~= members.count else { return nil }
        var payloads: [(key: String, isCall: Bool)] = []
        var labels: [String] = []
        var toolLabels: [String] = []
        for (key, value) in members {
            guard let name = key.hasSameBytes(as: tool) ? "tool" : Self.plainName(key) else { return nil }
            if Self.toolNames.contains(name), value.string?.hasSameBytes(as: tool) == true {
                toolLabels.append(key)
                continue
            }
            let singular = name.hasSuffix("s") ? String(name.dropLast()) : name
            if Self.callNames.contains(singular) {
                payloads.append((key, true))
            } else if Self.ordinaryNames.contains(singular) {
                payloads.append((key, false))
            } else if Self.labelNames.contains(name) {
                labels.append(key)
            } else {
                return nil
            }
        }
        guard payloads.count == 1 else { return nil }
        (payload, isCall) = payloads[0]
        self.labels = labels
        self.toolLabels = toolLabels
    }

    /// Returns a name in lower case, without separators and without the prefix in `tool_input` and `functionArgs`.
    private static func plainName(_ key: String) -> String? {
        guard key.utf8.count <= maximumNameLength else { return nil }
        var name = ""
        for character in key where !"_-$ ".contains(character) {
            guard character.isASCII, character.isLetter else { return nil }
            name += character.lowercased()
        }
        for prefix in ["tool", "function", "action"] where name.hasPrefix(prefix) && name != prefix {
            return String(name.dropFirst(prefix.count))
        }
        return name
    }

    /// Returns the arguments in the envelope, or nil if the member has no form of arguments.
    ///
    /// Arguments can be an object, JSON in a string, an array of one object, or `null` for none.
    func arguments(in members: JSONObject, spending budget: inout WorkBudget) throws(CheckError) -> JSONObject? {
        guard let held = members[payload] else { return nil }
        switch held {
        case .object(let arguments): return arguments
        case .null: return [:]
        case .array(let elements): return elements.count == 1 ? elements[0].object : nil
        case .string:
            try budget.spend(Conversion.work(for: held, to: .object))
            let limits = JSONLimits(values: max(1, budget.bytesLeft / 64))
            guard let converted = Conversion.converted(held, to: .object, limits: limits)?.value else { return nil }
            try budget.spend(bytes: converted.footprint)
            return converted.object
        case .bool, .number: return nil
        }
    }
}
