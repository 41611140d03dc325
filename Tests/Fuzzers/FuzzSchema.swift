import ToolJSON
import ToolSchema

/// Checks a schema and an instance: every check must end, and its results must be consistent and short.
@c(LLVMFuzzerTestOneInput)
public func fuzzSchema(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = SchemaCase(start, count) else { return 0 }
    for assertsFormats in [false, true] {
        validate(input, assertsFormats: assertsFormats)
    }
    lint(input)
    return 0
}

private func validate(_ input: SchemaCase, assertsFormats: Bool) {
    do throws(SchemaError) {
        let schema = try Schema(input.schema, assertsFormats: assertsFormats)
        for limit in [32, 1] {
            let start = ContinuousClock.now
            let isAccepted = schema.accepts(input.instance)
            let violations = schema.violations(in: input.instance, limit: limit)
            guard check(violations, limit: limit, isAccepted, since: start) else { return }
        }
        if let members = input.instance.object {
            precondition(
                schema.fitting(input.instance).undeclaredNames.count <= members.count,
                "there are more undeclared names than members"
            )
        }
    } catch {
        precondition(!error.message.isEmpty, "an error has no message")
        precondition(error.message.count <= 1_000, "the message of an error is too long")
    }
}

private func lint(_ input: SchemaCase) {
    let tool: JSONObject = ["name": "get_temperature", "parameters": input.schema]
    // The lint accepts any value as a tool.
    let tools = [tool] + [input.schema, input.instance].compactMap(\.object)
    for finding in SchemaLint.findings(in: tools) {
        precondition(!finding.message.isEmpty, "a finding has no message")
        precondition(finding.message.count <= 1_000, "the message of a finding is too long")
    }
}
