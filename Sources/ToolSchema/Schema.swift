public import ToolJSON

/// A JSON Schema (draft 2020-12), compiled once and used by any number of threads.
///
/// ```swift
/// let schema = try Schema(["type": "object", "properties": ["days": ["type": "integer", "maximum": 7]]])
/// schema.accepts(["days": 3])                   // true
/// schema.violations(in: ["days": 9])            // [/days: expected at most 7, got 9]
/// schema.fitting(["days": "3"]).value           // {"days": 3}
/// ```
///
/// All keywords that assert or apply are enforced; `format` only where the author asks. `$ref` reaches into the schema
/// itself, the documents registered and the metaschemas; nothing is ever fetched.
public struct Schema: Sendable {
    let program: SchemaProgram

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - schema: An object, `true` or `false`.
    ///   - documents: What its references may reach.
    ///   - assertsFormats: Whether `format` is enforced though the schema's own `$schema` does not ask for it.
    /// - Throws: ``SchemaError`` where a keyword has no meaning as it is written, or a reference leads nowhere.
    public init(
        _ schema: JSON,
        documents: SchemaDocuments = SchemaDocuments(),
        assertsFormats: Bool = false
    ) throws(SchemaError) {
        var compiler = SchemaCompiler(documents: documents, assertsFormats: assertsFormats)
        program = try compiler.compile(schema)
    }

    /// Whether a value satisfies the schema.
    ///
    /// A value that could not be checked within the limits (of a pattern, say) is not accepted.
    public func accepts(_ value: JSON) -> Bool {
        var evaluator = Evaluator(program, for: value)
        return evaluator.accepts(value)
    }

    /// What is wrong with a value: nothing, if it satisfies the schema.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - limit: The most violations that are told.
    public func violations(in value: JSON, limit: Int = 32) -> [Violation] {
        if accepts(value) { return [] }
        var evaluator = Evaluator(program, for: value)
        return evaluator.violations(in: value, limit: limit)
    }

    /// Brings a value to the declared types where that loses nothing, and tells what is wrong with the rest.
    ///
    /// A value that satisfies the schema is the same afterwards: `12.0` for an integer is merely written as `12`.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - limit: The most violations that are told.
    public func fitting(_ value: JSON, limit: Int = 32) -> Fitting {
        var evaluator = Evaluator(program, for: value)
        if evaluator.accepts(value), !evaluator.sawUnusualInteger { return Fitting(value: value) }
        var coercer = Coercer(program, for: value)
        let coerced = coercer.coerce(value)
        return Fitting(value: coerced, coercions: coercer.coercions, violations: violations(in: coerced, limit: limit))
    }

    /// The names of an object's members that no keyword of the schema speaks of.
    public func undeclaredNames(in object: JSONObject) -> [String] {
        object.keys.filter { !program.declares($0, at: program.root) }
    }
}

/// A value brought to the declared types.
public struct Fitting: Sendable, Hashable {
    /// The value, coerced where it had to be.
    public let value: JSON

    /// What was changed.
    public let coercions: [Coercion]

    /// What is still wrong.
    public let violations: [Violation]

    init(value: JSON, coercions: [Coercion] = [], violations: [Violation] = []) {
        self.value = value
        self.coercions = coercions
        self.violations = violations
    }
}
