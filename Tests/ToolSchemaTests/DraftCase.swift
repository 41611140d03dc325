import Testing
import ToolJSON
import ToolSchema

/// The drafts, by their `$schema`.
enum SchemaDraft: String, CaseIterable, CustomStringConvertible {
    case draft4 = "http://json-schema.org/draft-04/schema#"
    case draft6 = "http://json-schema.org/draft-06/schema#"
    case draft7 = "http://json-schema.org/draft-07/schema#"
    case draft2019 = "https://json-schema.org/draft/2019-09/schema"
    case draft2020 = "https://json-schema.org/draft/2020-12/schema"
    /// A schema without `$schema`.
    case undeclared = ""

    static let before2019: Set = [draft4, draft6, draft7]
    static let before2020 = before2019.union([draft2019])
    static let since6 = Set(allCases).subtracting([draft4])
    static let since7 = since6.subtracting([draft6])
    static let since2019 = since7.subtracting([draft7])
    static let since2020: Set = [draft2020, undeclared]
    static let all = Set(allCases)

    var description: String { rawValue.isEmpty ? "no $schema" : rawValue }

    /// Returns the schema with the `$schema` of the draft.
    func declared(_ schema: JSON) -> JSON {
        guard self != .undeclared, let members = schema.object else { return schema }
        return .object(JSONObject([("$schema", .string(rawValue))] + members.map { ($0.key, $0.value) }))
    }
}

/// A schema, the drafts that enforce it, and the drafts that reject it.
///
/// All other drafts ignore its keywords.
struct DraftCase: Sendable, CustomTestStringConvertible {
    let schema: String
    let valid: [String]
    /// The values that the schema rejects.
    let invalid: [String]
    let enforcing: Set<SchemaDraft>
    let refusing: Set<SchemaDraft>

    init(
        _ schema: String,
        valid: [String],
        invalid: [String],
        enforcing: Set<SchemaDraft>,
        refusing: Set<SchemaDraft> = []
    ) {
        self.schema = schema
        self.valid = valid
        self.invalid = invalid
        self.enforcing = enforcing
        self.refusing = refusing
    }

    var testDescription: String { schema }

    static let rules = [
        // Dependencies
        DraftCase(
            #"{"dependencies":{"a":["b"]}}"#,
            valid: ["{}", #"{"a":1,"b":2}"#],
            invalid: [#"{"a":1}"#],
            enforcing: .all
        ),
        DraftCase(
            #"{"dependencies":{"a":{"required":["b"]}}}"#,
            valid: ["{}", #"{"a":1,"b":2}"#, "[]"],
            invalid: [#"{"a":1}"#],
            enforcing: .all
        ),
        DraftCase(
            #"{"dependencies":{"a":["b"],"c":{"minProperties":2},"d":false}}"#,
            valid: [#"{"b":1}"#, #"{"c":1,"x":1}"#],
            invalid: [#"{"a":1}"#, #"{"c":1}"#, #"{"d":1}"#],
            enforcing: .since6,
            refusing: [.draft4]
        ),
        DraftCase(#"{"dependencies":{"a":"b"}}"#, valid: [], invalid: [], enforcing: [], refusing: .all),
        DraftCase(#"{"dependencies":{"a":[1]}}"#, valid: [], invalid: [], enforcing: [], refusing: .all),
        DraftCase(#"{"dependencies":[]}"#, valid: [], invalid: [], enforcing: [], refusing: .all),
        DraftCase(
            #"{"dependentRequired":{"a":["b"]},"dependentSchemas":{"c":{"minProperties":2}}}"#,
            valid: ["{}", #"{"a":1,"b":2}"#],
            invalid: [#"{"a":1}"#, #"{"c":1}"#],
            enforcing: .since2019
        ),
        // Arrays
        DraftCase(
            #"{"items":[{"type":"integer"},{"type":"string"}],"additionalItems":{"type":"null"}}"#,
            valid: ["[]", "[1]", #"[1,"a",null]"#, "{}"],
            invalid: [#"["a"]"#, "[1,1]", #"[1,"a",1]"#],
            enforcing: .before2020.union([.undeclared]),
            refusing: [.draft2020]
        ),
        DraftCase(
            #"{"items":[{}],"additionalItems":false}"#,
            valid: ["[]", "[1]"],
            invalid: ["[1,2]"],
            enforcing: .before2020.union([.undeclared]),
            refusing: [.draft2020]
        ),
        DraftCase(#"{"additionalItems":false,"items":{}}"#, valid: ["[1,2]"], invalid: [], enforcing: .all),
        DraftCase(#"{"additionalItems":false}"#, valid: ["[1,2]"], invalid: [], enforcing: .all),
        DraftCase(#"{"prefixItems":[{"type":"null"}]}"#, valid: ["[null]"], invalid: ["[1]"], enforcing: .since2020),
        DraftCase(
            #"{"prefixItems":[{}],"items":[{"type":"null"}]}"#,
            valid: ["[null]"],
            invalid: ["[1]"],
            enforcing: .before2020,
            refusing: .since2020
        ),
        DraftCase(#"{"contains":{"type":"null"}}"#, valid: ["[1,null]"], invalid: ["[]", "[1]"], enforcing: .since6),
        DraftCase(
            #"{"contains":{"type":"null"},"minContains":2,"maxContains":2}"#,
            valid: ["[null,null]"],
            invalid: ["[null]", "[null,null,null]"],
            enforcing: .since2019
        ),
        DraftCase(
            #"{"items":[{"type":"string"}],"unevaluatedItems":false}"#,
            valid: [#"["a"]"#],
            invalid: [#"["a",1]"#],
            enforcing: [.draft2019, .undeclared],
            refusing: [.draft2020]
        ),
        // Before 2020-12, elements that match `contains` do not count as evaluated.
        DraftCase(
            #"{"contains":{"type":"null"},"unevaluatedItems":false}"#,
            valid: [],
            invalid: ["[null]"],
            enforcing: [.draft2019]
        ),
        // Numbers
        DraftCase(
            #"{"minimum":1,"exclusiveMinimum":true,"maximum":3,"exclusiveMaximum":true}"#,
            valid: ["2", #""a""#],
            invalid: ["1", "3", "0", "4"],
            enforcing: [.draft4, .undeclared],
            refusing: .since6.subtracting([.undeclared])
        ),
        DraftCase(
            #"{"minimum":1,"exclusiveMinimum":false}"#,
            valid: ["1"],
            invalid: ["0"],
            enforcing: [.draft4, .undeclared],
            refusing: .since6.subtracting([.undeclared])
        ),
        DraftCase(#"{"exclusiveMinimum":true}"#, valid: [], invalid: [], enforcing: [], refusing: .all),
        DraftCase(#"{"exclusiveMaximum":true}"#, valid: [], invalid: [], enforcing: [], refusing: .all),
        DraftCase(
            #"{"exclusiveMinimum":1,"exclusiveMaximum":3}"#,
            valid: ["2"],
            invalid: ["1", "3"],
            enforcing: .since6,
            refusing: [.draft4]
        ),
        // Values and names
        DraftCase(#"{"const":1}"#, valid: ["1"], invalid: ["2"], enforcing: .since6),
        DraftCase(
            #"{"propertyNames":{"maxLength":1}}"#,
            valid: [#"{"a":1}"#],
            invalid: [#"{"ab":1}"#],
            enforcing: .since6
        ),
        DraftCase(
            #"{"if":{"type":"string"},"then":{"minLength":1},"else":{"minimum":1}}"#,
            valid: [#""a""#, "1"],
            invalid: [#""""#, "0"],
            enforcing: .since7
        ),
        DraftCase(
            #"{"properties":{"a":{}},"unevaluatedProperties":false}"#,
            valid: [#"{"a":1}"#],
            invalid: [#"{"b":1}"#],
            enforcing: .since2019
        ),
        DraftCase(
            #"{"properties":{"a":false}}"#,
            valid: ["{}"],
            invalid: [#"{"a":1}"#],
            enforcing: .since6,
            refusing: [.draft4]
        ),
        DraftCase(
            #"{"properties":{"a":{}},"additionalProperties":false}"#,
            valid: [#"{"a":1}"#],
            invalid: [#"{"b":1}"#],
            enforcing: .all
        ),
        // References
        DraftCase(
            ##"{"properties":{"a":{"$ref":"#/definitions/n"}},"definitions":{"n":{"type":"integer"}}}"##,
            valid: [#"{"a":1}"#],
            invalid: [#"{"a":"1"}"#],
            enforcing: .all
        ),
        DraftCase(
            ##"{"properties":{"a":{"$ref":"#/$defs/n"}},"$defs":{"n":{"type":"integer"}}}"##,
            valid: [#"{"a":1}"#],
            invalid: [#"{"a":"1"}"#],
            enforcing: .all
        ),
        DraftCase(
            ##"{"properties":{"a":{"$ref":"#/definitions/n","maximum":3}},"definitions":{"n":{"minimum":1}}}"##,
            valid: [#"{"a":2}"#],
            invalid: [#"{"a":4}"#],
            enforcing: .since2019
        ),
        DraftCase(
            ##"{"$ref":"#/definitions/n","maximum":3,"definitions":{"n":{"minimum":1}}}"##,
            valid: ["2"],
            invalid: ["4"],
            enforcing: .since2019
        ),
        // Identifiers and anchors
        DraftCase(
            ##"{"allOf":[{"$ref":"n"}],"definitions":{"x":{"id":"n","type":"null"}}}"##,
            valid: ["null"],
            invalid: ["1"],
            enforcing: [.draft4],
            refusing: .since6
        ),
        DraftCase(
            ##"{"allOf":[{"$ref":"n"}],"definitions":{"x":{"$id":"n","type":"null"}}}"##,
            valid: ["null"],
            invalid: ["1"],
            enforcing: .since6,
            refusing: [.draft4]
        ),
        DraftCase(
            ##"{"allOf":[{"$ref":"#n"}],"definitions":{"x":{"id":"#n","type":"null"}}}"##,
            valid: ["null"],
            invalid: ["1"],
            enforcing: [.draft4],
            refusing: .since6
        ),
        DraftCase(
            ##"{"allOf":[{"$ref":"#n"}],"definitions":{"x":{"$id":"#n","type":"null"}}}"##,
            valid: ["null"],
            invalid: ["1"],
            enforcing: [.draft6, .draft7],
            refusing: .since2019.union([.draft4])
        ),
        DraftCase(
            ##"{"allOf":[{"$ref":"m#n"}],"definitions":{"x":{"$id":"m#n","type":"null"}}}"##,
            valid: ["null"],
            invalid: ["1"],
            enforcing: [.draft6, .draft7],
            refusing: .since2019.union([.draft4])
        ),
        // Generators write such identifiers, although they identify nothing.
        DraftCase(
            ##"{"properties":{"a":{"$id":"#/properties/a","type":"null"}}}"##,
            valid: [#"{"a":null}"#],
            invalid: [#"{"a":1}"#],
            enforcing: .before2019,
            refusing: .since2019
        ),
        DraftCase(
            ##"{"$id":"http://a.example/b/","allOf":[{"$id":"c/","$ref":"n"}],"definitions":{"x":{"$id":"n","type":"null"}}}"##,
            valid: ["null"],
            invalid: ["1"],
            enforcing: [.draft6, .draft7],
            refusing: .since2019.union([.draft4])
        ),
        DraftCase(
            ##"{"allOf":[{"$ref":"#n"}],"$defs":{"x":{"$anchor":"n","type":"null"}}}"##,
            valid: ["null"],
            invalid: ["1"],
            enforcing: .since2019,
            refusing: .before2019
        ),
        DraftCase(##"{"$anchor":"a:b"}"##, valid: ["1"], invalid: [], enforcing: .before2020, refusing: .since2020),
        DraftCase(
            ##"{"$anchor":"_a"}"##,
            valid: ["1"],
            invalid: [],
            enforcing: .all.subtracting([.draft2019]),
            refusing: [.draft2019]
        ),
        DraftCase(##"{"$id":7}"##, valid: ["1"], invalid: [], enforcing: [.draft4], refusing: .since6),
        DraftCase(##"{"id":7}"##, valid: ["1"], invalid: [], enforcing: .since6, refusing: [.draft4]),
        // References that depend on the evaluation path
        DraftCase(
            ##"{"properties":{"a":{"$recursiveRef":"#"}},"additionalProperties":false}"##,
            valid: [#"{"a":{"a":{}}}"#],
            invalid: [#"{"a":{"b":1}}"#],
            enforcing: [.draft2019],
            refusing: .since2020
        ),
        DraftCase(
            ##"{"$id":"http://a.example/strict","$recursiveAnchor":true,"$ref":"tree","unevaluatedProperties":false,"$defs":{"tree":{"$id":"tree","$recursiveAnchor":true,"properties":{"next":{"$recursiveRef":"#"}}}}}"##,
            valid: [#"{"next":{"next":{}}}"#],
            invalid: [#"{"next":{"x":1}}"#, #"{"next":{"next":{"x":1}}}"#],
            enforcing: [.draft2019],
            refusing: .since2020.union([.draft4])
        ),
        DraftCase(
            ##"{"properties":{"a":{"$recursiveAnchor":true}}}"##,
            valid: ["1"],
            invalid: [],
            enforcing: .all.subtracting([.draft2019]),
            refusing: [.draft2019]
        ),
        DraftCase(
            ##"{"$recursiveRef":"#/properties/a","properties":{"a":{}}}"##,
            valid: ["1"],
            invalid: [],
            enforcing: .before2019,
            refusing: .since2019
        ),
        DraftCase(
            ##"{"$dynamicAnchor":"n","properties":{"a":{"$dynamicRef":"#n"}},"additionalProperties":false}"##,
            valid: [#"{"a":{}}"#],
            invalid: [#"{"a":{"b":1}}"#],
            enforcing: .since2020
        ),
    ]
}

extension Set<SchemaDraft> {
    static var all: Self { SchemaDraft.all }
    static var before2019: Self { SchemaDraft.before2019 }
    static var before2020: Self { SchemaDraft.before2020 }
    static var since6: Self { SchemaDraft.since6 }
    static var since7: Self { SchemaDraft.since7 }
    static var since2019: Self { SchemaDraft.since2019 }
    static var since2020: Self { SchemaDraft.since2020 }
}
