public import ToolJSON

/// A JSON Schema, compiled once and used by any number of threads.
///
/// The rules are those of the draft that `$schema` names: draft-04, draft-06, draft-07, 2019-09 or 2020-12. A schema that
/// names another one is refused. Without `$schema` the draft is 2020-12; `dependencies`, an array in `items` with
/// `additionalItems`, and true or false in `exclusiveMinimum` and `exclusiveMaximum` then mean what they did in earlier
/// drafts. A subschema with a `$schema` follows its own draft.
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

    /// True if a value satisfies the schema.
    ///
    /// A value that could not be checked within the limits (of a pattern, for example) is not accepted. A check takes
    /// at most about a tenth of a second.
    public func accepts(_ value: JSON) -> Bool {
        var evaluator = Evaluator(program, WorkBudget())
        return (try? evaluator.accepts(value)) ?? false
    }

    /// The violations in a value: none if it satisfies the schema.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - limit: The most violations that are reported.
    public func violations(in value: JSON, limit: Int = 32) -> [Violation] {
        var evaluator = Evaluator(program, WorkBudget())
        do throws(CheckError) {
            if try evaluator.accepts(value) { return [] }
        } catch {
            // The report says where it was.
        }
        return evaluator.violations(in: value, limit: limit).violations
    }

    /// Brings a value to the declared types where that loses nothing, and reports what is wrong with the rest.
    ///
    /// A value that satisfies the schema is the same afterwards: `12.0` for an integer is merely written as `12`.
    ///
    /// - Parameters:
    ///   - value: The value.
    ///   - limit: The most violations that are reported.
    public func fitting(_ value: JSON, limit: Int = 32) -> Fitting {
        fitting(value, limit: limit, within: WorkBudget())
    }

    /// The same within a budget.
    package func fitting(_ value: JSON, limit: Int = 32, within budget: WorkBudget) -> Fitting {
        var budget = budget
        return fitting(value, limit: limit, spending: &budget)
    }

    func fitting(_ value: JSON, limit: Int, spending budget: inout WorkBudget) -> Fitting {
        var evaluator = Evaluator(program, budget)
        defer { budget = evaluator.budget }
        do throws(CheckError) {
            let isAccepted = try evaluator.accepts(value)
            if isAccepted, !evaluator.sawUnusualInteger { return try Fitting(value, [], &evaluator) }
            var (coerced, coercions) = try Coercer.coerce(value, with: &evaluator)
            if try coercions.isEmpty ? isAccepted : evaluator.accepts(coerced) {
                return try Fitting(coerced, coercions, &evaluator)
            }
            if coercions.contains(where: { $0.rule == .placeholderRemoved }) {
                // The violations are about the members that were sent.
                (coerced, coercions) = try Coercer.coerce(value, with: &evaluator, removesPlaceholders: false)
                if try evaluator.accepts(coerced) { return try Fitting(coerced, coercions, &evaluator) }
            }
            let (violations, areComplete) = evaluator.violations(in: coerced, limit: limit)
            return Fitting(coerced, coercions, violations, isComplete: areComplete)
        } catch .exhausted {
            return Fitting(value, [], [.unchecked(at: "", Evaluator.tooLarge)], isComplete: false)
        } catch {
            // The value could not be checked; the report says where that was.
            let (violations, areComplete) = evaluator.violations(in: value, limit: limit)
            return Fitting(value, [], violations, isComplete: areComplete)
        }
    }
}

extension Evaluator {
    /// The names of an object's members that no keyword speaks of.
    fileprivate mutating func undeclaredNames(in object: JSONObject) throws(CheckError) -> [String] {
        try program.undeclaredNames(of: object.lazy.map(\.key), by: program.rootProperties, spending: &budget)
    }
}

/// A value brought to the declared types.
public struct Fitting: Sendable, Hashable {
    /// The value, coerced where it had to be.
    public let value: JSON

    /// The changes that were made to the value.
    public let coercions: [Coercion]

    /// The violations that are left.
    public let violations: [Violation]

    /// The names of the value's members that no keyword of the schema speaks of; none where the value does not fit.
    package let undeclaredNames: [String]

    /// False where the budget was used up, or the check was cancelled: then there are more violations, or none.
    package let isComplete: Bool

    /// A value that could not be made to fit.
    init(_ value: JSON, _ coercions: [Coercion], _ violations: [Violation], isComplete: Bool) {
        self.value = value
        self.coercions = coercions
        self.violations = violations
        self.isComplete = isComplete
        undeclaredNames = []
    }

    /// The same fitting, of a value that was changed before.
    init(_ other: Fitting, after change: Coercion) {
        value = other.value
        coercions = [change] + other.coercions
        violations = other.violations
        undeclaredNames = other.undeclaredNames
        isComplete = other.isComplete
    }

    /// A value that fits.
    fileprivate init(_ value: JSON, _ coercions: [Coercion], _ evaluator: inout Evaluator) throws(CheckError) {
        self.value = value
        self.coercions = coercions
        violations = []
        isComplete = true
        if case .object(let members) = value {
            undeclaredNames = try evaluator.undeclaredNames(in: members)
        } else {
            undeclaredNames = []
        }
    }
}
