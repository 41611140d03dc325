import ToolJSON
import ToolSchema

/// Takes a schema and arguments: a value that fits stays as it is, and nothing changes without a word.
@c(LLVMFuzzerTestOneInput)
public func fuzzCoercion(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    guard let input = SchemaCase(start, count), let schema = try? Schema(input.schema) else { return 0 }
    let sent = input.instance
    let start = ContinuousClock.now
    let fitsAsSent = schema.accepts(sent)
    let fitting = schema.fitting(sent)
    let fits = schema.accepts(fitting.value)
    if fitting.coercions.isEmpty {
        precondition(fitting.value.bytes() == sent.bytes(), "a value was changed without a word")
    }
    for coercion in fitting.coercions {
        precondition(coercion.from.bytes() != coercion.to.bytes(), "a coercion changes nothing")
    }
    guard check(fitting.violations, limit: 32, fits, since: start) else { return 0 }
    if fitsAsSent {
        precondition(fits, "a value that fitted does not fit any more")
        precondition(fitting.value == sent, "a value that fitted is another one now")
        precondition(
            fitting.coercions.allSatisfy { $0.rule == .plainInteger },
            "a value that fitted was not merely written differently"
        )
    }
    if fits {
        let again = schema.fitting(fitting.value)
        precondition(again.value.bytes() == fitting.value.bytes(), "a value that was made to fit changes once more")
        precondition(again.violations.isEmpty, "a value that was made to fit does not fit the second time")
    }
    return 0
}
