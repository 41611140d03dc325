public import ToolJSON

/// A compiled JSON Schema.
///
/// Compile a schema once and use it from any number of threads. The draft is the one that `$schema` names: draft-04,
/// draft-06, draft-07, 2019-09 or 2020-12. A schema that names another draft is rejected. Without `$schema`, the draft
/// is 2020-12, and three forms of earlier drafts keep their meaning: `dependencies`, an array in `items` with
/// `additionalItems`, and a Boolean `exclusiveMinimum` or `exclusiveMaximum`. A subschema with its own `$schema`
/// follows that draft.
///
/// ```swift
/// let schema = try Schema(["type": "object", "properties": ["days": ["type": "integer", "maximum": 7]]])
/// schema.accepts(["days": 3])                   // true
/// schema.violations(in: ["days": 9])            // [/days: expected at most 7, got 9]
/// schema.fitting(["days": "3"]).value           // {"days": 3}
/// ```
///
/// All keywords that assert or apply are enforced. `format` is enforced only on request. `$ref` can refer to the schema
/// itself, to registered documents and to the metaschemas. Nothing is ever fetched.
public struct Schema: Sendable {
    let program: SchemaProgram

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - schema: An object, `true` or `false`.
    ///   - documents: The documents that references can reach besides the schema itself.
    ///   - assertsFormats: True to enforce `format` even if `$schema` does not require it.
    /// - Throws: ``SchemaError`` if a keyword has an invalid value, a reference cannot be resolved, the draft is not
    ///   supported, or the schema is too large to compile. Unknown keywords and formats are ignored, not errors.
    public init(
        _ schema: JSON,
        documents: SchemaDocuments = SchemaDocuments(),
        assertsFormats: Bool = false
    ) throws(SchemaError) {
        var compiler = SchemaCompiler(documents: documents, assertsFormats: assertsFormats)
        program = try compiler.compile(schema)
    }

    /// Returns true if a value satisfies the schema.
    ///
    /// A value that cannot be checked within the limits (of a pattern, for example) is not accepted. A check takes at
    /// most about 0.1 seconds.
    public func accepts(_ value: JSON) -> Bool {
        var evaluator = Evaluator(program, WorkBudget())
        return (try? evaluator.accepts(value)) ?? false
    }

    /// Returns the violations in a value.
    ///
    /// - Parameters:
    ///   - value: The value to check.
    ///   - limit: The maximum number of violations to report, at least 1.
    /// - Returns: The violations, or an empty array if the value satisfies the schema. A value that cannot be checked
    ///   has a violation with an empty ``Violation/keyword``.
    public func violations(in value: JSON, limit: Int = 32) -> [Violation] {
        var evaluator = Evaluator(program, WorkBudget())
        do throws(CheckError) {
            if try evaluator.accepts(value) { return [] }
        } catch {
            // The report contains the place of the error.
        }
        return evaluator.violations(in: value, limit: limit).violations
    }

    /// Coerces a value to the declared types and reports the remaining violations.
    ///
    /// A coercion never loses information; ``Coercion/Rule`` lists them. A value that satisfies the schema keeps its
    /// meaning: at most, `12.0` becomes `12` if an integer is declared.
    ///
    /// - Parameters:
    ///   - value: The value to coerce.
    ///   - limit: The maximum number of violations to report, at least 1.
    /// - Returns: The coerced value, the coercions and the violations that remain. If violations remain, placeholders
    ///   for missing values are kept.
    public func fitting(_ value: JSON, limit: Int = 32) -> Fitting {
        fitting(value, limit: limit, within: WorkBudget())
    }

    /// Coerces a value and reports the remaining violations, within a budget.
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
                // Violations must describe the members that were sent, including placeholders.
                (coerced, coercions) = try Coercer.coerce(value, with: &evaluator, removesPlaceholders: false)
                if try evaluator.accepts(coerced) { return try Fitting(coerced, coercions, &evaluator) }
            }
            let (violations, areComplete) = evaluator.violations(in: coerced, limit: limit)
            return Fitting(coerced, coercions, violations, isComplete: areComplete)
        } catch .exhausted {
            return Fitting(value, [], [.unchecked(at: "", Evaluator.tooLarge)], isComplete: false)
        } catch {
            // The value could not be checked. The report contains the place.
            let (violations, areComplete) = evaluator.violations(in: value, limit: limit)
            return Fitting(value, [], violations, isComplete: areComplete)
        }
    }
}
