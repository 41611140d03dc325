import Testing
import ToolJSON
import ToolSchema

@Suite("Drafts of JSON Schema")
struct DraftTests {
    @Test("a draft enforces its own keywords and ignores or rejects those of other drafts", arguments: DraftCase.rules)
    func rules(_ test: DraftCase) throws {
        for draft in SchemaDraft.allCases {
            let schema = try draft.declared(JSON(parsing: test.schema))
            if test.refusing.contains(draft) {
                #expect(throws: SchemaError.self, "\(draft)") { try Schema(schema) }
                continue
            }
            let compiled = try Schema(schema)
            for value in test.valid where test.enforcing.contains(draft) {
                #expect(compiled.violations(in: try JSON(parsing: value)).isEmpty, "\(draft) \(value)")
            }
            for value in test.invalid {
                let value = try JSON(parsing: value)
                let isAccepted = !test.enforcing.contains(draft)
                #expect(compiled.accepts(value) == isAccepted, "\(draft) \(value)")
                #expect(compiled.violations(in: value).isEmpty == isAccepted, "\(draft) \(value)")
            }
        }
    }

    /// For each keyword, a value of the wrong type and the drafts that define the keyword.
    private static let wrongValues: [(keyword: String, value: String, drafts: Set<SchemaDraft>)] = [
        ("type", "1", .all), ("enum", "{}", .all), ("multipleOf", #""1""#, .all), ("multipleOf", "0", .all),
        ("minimum", "null", .all), ("maximum", "[]", .all), ("exclusiveMinimum", #""1""#, .all),
        ("exclusiveMaximum", "null", .all), ("minLength", "-1", .all), ("maxLength", #""1""#, .all),
        ("pattern", "1", .all), ("pattern", #""(""#, .all), ("minItems", "1.5", .all), ("maxItems", "null", .all),
        ("uniqueItems", "1", .all), ("items", "1", .all), ("items", "[]", .all), ("items", "[1]", .all),
        ("minProperties", "[]", .all), ("maxProperties", "-1", .all), ("required", "true", .all),
        ("required", "[1]", .all), ("properties", "[]", .all), ("properties", #"{"a":1}"#, .all),
        ("patternProperties", #"{"(":{}}"#, .all), ("additionalProperties", "1", .all),
        ("dependencies", "true", .all), ("dependencies", #"{"a":1}"#, .all), ("allOf", "{}", .all),
        ("anyOf", "[]", .all), ("oneOf", "[1]", .all), ("not", "1", .all), ("$ref", "1", .all),
        ("contains", "1", .since6), ("propertyNames", "[]", .since6), ("then", "1", .since7), ("else", "1", .since7),
        ("if", "1", .since7), ("dependentRequired", #"{"a":1}"#, .since2019),
        ("dependentSchemas", #"{"a":[]}"#, .since2019), ("minContains", #""1""#, .since2019),
        ("maxContains", "-1", .since2019), ("unevaluatedItems", "1", .since2019),
        ("unevaluatedProperties", "[]", .since2019), ("$anchor", "1", .since2019), ("$recursiveRef", "1", .since2019),
        ("$recursiveAnchor", "1", [.draft2019]), ("prefixItems", "{}", .since2020), ("$dynamicRef", "1", .since2020),
        ("$dynamicAnchor", "1", .since2020),
    ]

    @Test("a draft rejects its own keywords with values of the wrong type", arguments: SchemaDraft.allCases)
    func wrongValues(_ draft: SchemaDraft) throws {
        for (keyword, value, drafts) in Self.wrongValues {
            var members: JSONObject = [keyword: try JSON(parsing: value)]
            // The keyword has no meaning without its partner.
            if keyword.hasSuffix("Contains") { members["contains"] = [:] }
            let schema = draft.declared(["properties": ["inner": .object(members)]])
            if drafts.contains(draft) {
                let error = #expect(throws: SchemaError.self, "\(keyword): \(value)") { try Schema(schema) }
                #expect(error?.description.contains(keyword) == true, "\(keyword): \(value)")
            } else {
                #expect(throws: Never.self, "\(keyword): \(value)") { try Schema(schema) }
            }
        }
    }

    @Test(
        "$schema names a draft by http or https, with or without an empty fragment",
        arguments: SchemaDraft.before2020
    )
    func spelling(_ draft: SchemaDraft) throws {
        let name = draft.rawValue.drop { $0 != ":" }.prefix { $0 != "#" }
        for uri in ["http\(name)", "https\(name)", "http\(name)#", "https\(name)#"] {
            let schema = try Schema(["$schema": .string(uri), "items": [["type": "null"]], "$dynamicRef": "#none"])
            #expect(schema.accepts([nil, 1]))
            #expect(!schema.accepts([1]))
        }
        #expect(throws: Never.self) { try Schema(["$schema": "http://json-schema.org/draft/2020-12/schema#"]) }
        // This URI once denoted the latest draft.
        #expect(try !Schema(["$schema": "http://json-schema.org/schema#", "items": [["type": "null"]]]).accepts([1]))
    }

    @Test(
        "an unsupported draft is rejected with the nearest supported one",
        arguments: [
            ("http://json-schema.org/draft-03/schema#", #"Did you mean "http://json-schema.org/draft-0"#),
            ("http://json-schema.org/draft-05/schema#", #"Did you mean "http://json-schema.org/draft-0"#),
            ("http://json-schema.org/draft-7/schema#", #""http://json-schema.org/draft-07/schema""#),
            ("https://json-schema.org/draft/2019-9/schema", #""https://json-schema.org/draft/2019-09/schema""#),
            ("http://json-schema.org/draft-07/hyper-schema#", "draft-04, draft-06, draft-07, 2019-09 and 2020-12"),
            ("https://json-schema.org/draft/next/schema", "Without \"$schema\", the draft is 2020-12."),
            ("https://spec.openapis.org/oas/3.1/dialect/base", "which is not supported"),
            ("draft-07", "which is not supported"), ("", "which is not supported"),
            (String(repeating: "x", count: 500_000), "which is not supported"),
        ]
    )
    func unknown(uri: String, words: String) throws {
        for schema: JSON in [
            ["$schema": .string(uri)], ["properties": ["a": ["$schema": .string(uri)]]],
            ["$defs": ["a": ["$id": "a", "$schema": .string(uri)]]],
        ] {
            let error = try #require(throws: SchemaError.self) { try Schema(schema) }
            let message = error.message
            #expect(message.contains(words) && message.contains(uri.prefix(100)) && message.utf8.count < 800)
        }
    }

    @Test(
        "a draft applies to subschemas that do not name another one",
        arguments: [
            // A resource of an earlier draft inside a later one, and vice versa
            ##"{"$schema":"https://json-schema.org/draft/2020-12/schema","$ref":"old","$defs":{"x":{"$id":"old","$schema":"http://json-schema.org/draft-07/schema#","items":[{"type":"null"}]}}}"##,
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","allOf":[{"$ref":"#/definitions/x"}],"definitions":{"x":{"id":"new","$schema":"https://json-schema.org/draft/2020-12/schema","prefixItems":[{"const":null}]}}}"##,
            ##"{"$schema":"http://json-schema.org/draft-04/schema#","allOf":[{"$ref":"new"}],"definitions":{"x":{"$id":"new","$schema":"https://json-schema.org/draft/2020-12/schema","prefixItems":[{"const":null}]}}}"##,
            // A subschema without an identifier, which references of the outer document reach
            ##"{"prefixItems":[{"$schema":"http://json-schema.org/draft-07/schema#","$ref":"#/$defs/n","minimum":9}],"$defs":{"n":{"type":"null"}}}"##,
            ##"{"$ref":"#/$defs/a/definitions/n","$defs":{"a":{"$schema":"http://json-schema.org/draft-06/schema#","definitions":{"n":{"items":[{"type":"null"}]}}}}}"##,
            ##"{"$ref":"#n","$defs":{"a":{"$schema":"http://json-schema.org/draft-06/schema#","definitions":{"n":{"$id":"#n","items":[{"type":"null"}]}}}}}"##,
        ]
    )
    func mixed(schema: String) throws {
        let schema = try Schema(JSON(parsing: schema))
        #expect(schema.accepts([nil, 1]))
        #expect(!schema.accepts([1]))
    }

    @Test("a registered document without $schema has the draft of the schema that refers to it")
    func registered() throws {
        var documents = SchemaDocuments()
        let named: JSON = ["items": [["$ref": "#n"]], "definitions": ["x": ["$id": "#n", "type": "null"]]]
        documents.register(named, at: "http://a.example/s")
        documents.register(["$schema": "http://json-schema.org/draft-07/schema#"], at: "http://a.example/meta")
        let reference: JSON = ["allOf": [["$ref": "http://a.example/s"]]]
        for draft in [SchemaDraft.draft6, .draft7] {
            let schema = try Schema(draft.declared(reference), documents: documents)
            #expect(schema.accepts([nil]))
            #expect(!schema.accepts([1]))
        }
        #expect(throws: SchemaError.self) { try Schema(reference, documents: documents) }
        // A custom metaschema has the draft that it names.
        let own = try Schema(["$schema": "http://a.example/meta#", "items": [["type": "null"]]], documents: documents)
        #expect(!own.accepts([1]))
    }

    @Test("formats are enforced if the metaschema requires their vocabulary")
    func vocabulary() throws {
        for (isRequired, isAccepted) in [(true, false), (false, true)] {
            var documents = SchemaDocuments()
            documents.register(
                [
                    "$schema": "https://json-schema.org/draft/2019-09/schema",
                    "$vocabulary": [
                        "https://json-schema.org/draft/2019-09/vocab/core": true,
                        "https://json-schema.org/draft/2019-09/vocab/applicator": true,
                        "https://json-schema.org/draft/2019-09/vocab/format": .bool(isRequired),
                    ],
                ],
                at: "http://a.example/meta"
            )
            let schema = try Schema(
                ["$schema": "http://a.example/meta", "items": [["format": "date", "minLength": 99]]],
                documents: documents
            )
            #expect(schema.accepts(["2026-02-30"]) == isAccepted)
            #expect(schema.accepts(["2026-02-28"]))
        }
    }

    @Test("references can reach the metaschemas of all drafts", arguments: SchemaDraft.allCases.dropLast())
    func metaschema(_ draft: SchemaDraft) throws {
        let metaschema = try Schema(["allOf": [["$ref": .string(draft.rawValue)]]])
        let inner: JSON = ["type": "object", "properties": ["a": ["not": ["minimum": 1, "items": [:]]]]]
        #expect(metaschema.violations(in: inner).map(\.message) == [])
        #expect(metaschema.accepts(draft.declared(inner)))
        #expect(!metaschema.accepts(["properties": ["a": ["not": ["type": "text"]]]]))
        #expect(!metaschema.accepts(["allOf": [["minLength": -1]]]))
        #expect(metaschema.accepts(["items": [[:]]]) == (draft != .draft2020))
        #expect(metaschema.accepts(["minimum": 1, "exclusiveMinimum": true]) == (draft == .draft4))
    }

    @Test("a violation contains the keyword as the schema writes it")
    func keyword() throws {
        let schema = try Schema(["dependencies": ["a": ["b"]], "properties": ["a": true, "b": ["type": "string"]]])
        let violations = schema.violations(in: ["a": 1])
        #expect(violations.map(\.keyword) == ["dependencies"])
        #expect(violations.map(\.message) == ["b: missing, expected a string"])
    }

    @Test("an endless self-reference is rejected at compilation or during the check")
    func circles() throws {
        let uri = JSON.string(SchemaDraft.draft2019.rawValue)
        let error = try #require(throws: SchemaError.self) { try Schema(["$schema": uri, "$recursiveRef": "#"]) }
        #expect(error.message.contains("refers to itself"))
        let anchored = try Schema(["$schema": uri, "$recursiveAnchor": true, "not": ["$recursiveRef": "#"]])
        #expect(!anchored.accepts(1))
        #expect(anchored.violations(in: 1).count == 1)
        #expect(throws: SchemaError.self) {
            try Schema(["$schema": .string(SchemaDraft.draft7.rawValue), "dependencies": ["a": ["$ref": "#"]]])
        }
    }
}
