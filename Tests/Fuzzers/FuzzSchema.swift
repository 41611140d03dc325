import ToolJSON
import ToolSchema

/// Takes a schema and an instance: whatever they are, every question ends, with answers that agree and are short.
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
            precondition(schema.fitting(input.instance).undeclaredNames.count <= members.count, "names were made up")
        }
    } catch {
        precondition(!error.message.isEmpty, "an error says nothing")
        precondition(error.message.count <= 1_000, "an error says too much")
    }
}

private func lint(_ input: SchemaCase) {
    let tool: JSONObject = ["name": "get_temperature", "parameters": input.schema]
    // Anything may stand where a tool should.
    let tools = [tool] + [input.schema, input.instance].compactMap(\.object)
    for finding in SchemaLint.findings(in: tools) {
        precondition(!finding.message.isEmpty, "a finding says nothing")
        precondition(finding.message.count <= 1_000, "a finding says too much")
    }
}
