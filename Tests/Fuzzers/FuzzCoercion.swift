import ToolJSON
@testable import ToolSchema

/// Checks the coercion of arguments to a schema: a valid value is unchanged, and every change is reported.
@c(LLVMFuzzerTestOneInput)
public func fuzzCoercion(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = SchemaCase(start, count), let schema = try? Schema(input.schema) else { return 0 }
    let sent = input.instance
    let start = ContinuousClock.now
    let fitsAsSent = schema.accepts(sent)
    let fitting = schema.fitting(sent)
    let fits = schema.accepts(fitting.value)
    if fitting.coercions.isEmpty {
        precondition(fitting.value.bytes() == sent.bytes(), "a value was changed without a report")
    }
    for coercion in fitting.coercions {
        precondition(coercion.from.bytes() != coercion.to?.bytes(), "a coercion changes nothing")
        precondition(
            (coercion.to == nil) == (coercion.rule == .placeholderRemoved),
            "a rule that does not remove values removed one"
        )
        precondition(coercion.rule != .argumentsUnwrapped, "a value was treated as a call")
    }
    guard check(fitting.violations, limit: 32, fits, since: start) else { return 0 }
    if fitsAsSent {
        precondition(fits, "a valid value became invalid")
        precondition(fitting.value == sent, "a valid value became another value")
        precondition(
            fitting.coercions.allSatisfy { $0.rule == .plainInteger },
            "a valid value changed in more than its notation"
        )
    }
    if fits {
        let again = schema.fitting(fitting.value)
        precondition(again.value.bytes() == fitting.value.bytes(), "a coerced value changes again")
        precondition(again.violations.isEmpty, "a coerced value is invalid the second time")
    }
    if let members = sent.object {
        checkOrder(schema, members, fitting)
        checkDeclarations(schema, fitting)
        checkCall(input.schema, schema, members, fitting)
    }
    return 0
}

/// Checks that the result does not depend on the order of the members.
///
/// Members in the order of the schema are found by their position, others by a search.
private func checkOrder(_ schema: Schema, _ members: JSONObject, _ fitting: Fitting) {
    let reversed = schema.fitting(.object(JSONObject(members.reversed().map { ($0.key, $0.value) })))
    // A value that cannot be checked has a violation without a keyword.
    let violations = fitting.violations + reversed.violations
    guard !violations.contains(where: \.keyword.isEmpty) else { return }
    precondition(reversed.violations.isEmpty == fitting.violations.isEmpty, "the order of members changes the verdict")
    guard fitting.violations.isEmpty else { return }
    precondition(reversed.value == fitting.value, "the order of members changes the coerced value")
    precondition(
        reversed.undeclaredNames.sorted() == fitting.undeclaredNames.sorted(),
        "the order of members changes the undeclared names"
    )
}

/// Checks that the members of an object are declared if the schema promises it for all members.
private func checkDeclarations(_ schema: Schema, _ fitting: Fitting) {
    let program = schema.program
    guard program.declaresAllMembers, fitting.violations.isEmpty, let members = fitting.value.object else { return }
    var budget = WorkBudget()
    let names = try? program.undeclaredNames(of: members.keys, by: program.rootProperties, spending: &budget)
    precondition(names?.isEmpty ?? true, "a schema that declares all members does not declare one")
}

/// Checks the arguments of a call, with and without an envelope.
private func checkCall(_ document: JSON, _ schema: Schema, _ members: JSONObject, _ fitting: Fitting) {
    let start = ContinuousClock.now
    let call = schema.fitting(arguments: members, ofToolNamed: "tool", within: WorkBudget())
    if let envelope = call.coercions.first, envelope.rule == .argumentsUnwrapped, let inner = envelope.to {
        precondition(
            call.value.bytes() == schema.fitting(inner).value.bytes(),
            "an envelope changes the arguments inside"
        )
        precondition(
            call.violations.isEmpty || members.contains { $0.value == "tool" } || inner.text().contains("tool"),
            "invalid arguments were taken out of an envelope that does not name the tool"
        )
        let (text, sent) = (document.text(), JSON.object(members))
        // Patterns and metaschemas declare names that are not in the schema's text.
        let showsNames = !["patternProperties", "json-schema.org"].contains { text.contains($0) }
        if showsNames, !sent.text().contains("tool"), schema.accepts(sent) {
            let names = (inner.object ?? [:]).map { JSON.string($0.key).text() }
            precondition(
                !names.isEmpty && names.allSatisfy { text.contains($0) },
                "valid arguments were replaced by undeclared ones"
            )
        }
    } else if call.isComplete {
        precondition(call.value.bytes() == fitting.value.bytes(), "arguments without an envelope are changed")
    }
    let text = document.text()
    // A schema that declares such a member, or all members, can mean it as an argument.
    let declaresEnvelopes = ["arguments", "patternProperties", "additionalProperties"].contains { text.contains($0) }
    guard !declaresEnvelopes, call.isComplete, call.coercions.first?.rule != .argumentsUnwrapped else { return }
    let envelope: JSONObject = ["name": "tool", "arguments": .object(members)]
    // A schema of arrays can accept the envelope as an element.
    guard schema.fitting(.object(envelope)).value.object != nil else { return }
    let wrapped = schema.fitting(arguments: envelope, ofToolNamed: "tool", within: WorkBudget())
    guard wrapped.isComplete, start.duration(to: .now) < .milliseconds(25) else { return }
    precondition(wrapped.coercions.first?.rule == .argumentsUnwrapped, "an envelope was not removed")
    precondition(wrapped.value.bytes() == fitting.value.bytes(), "an envelope changes the arguments inside it")
    precondition(wrapped.violations == fitting.violations, "an envelope changes the violations of the arguments inside")
}
