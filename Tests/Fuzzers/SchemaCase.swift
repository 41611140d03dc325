import ToolJSON
import ToolSchema

/// A schema and an instance, which stand in the first line of an input and in the rest of it.
struct SchemaCase {
    var schema: JSON
    var instance: JSON

    init?(_ start: UnsafePointer<UInt8>?, _ count: Int) {
        let bytes = UnsafeBufferPointer(start: start, count: count)
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let schema = try? JSON(parsing: bytes[..<end]),
            let instance = try? JSON(parsing: bytes[(end + 1)...])
        else { return nil }
        self.schema = schema
        self.instance = instance
    }

    /// The case as an input.
    var bytes: [UInt8] { schema.bytes() + [UInt8(ascii: "\n")] + instance.bytes() }
}

/// Checks the violations of a value against whether it is accepted.
///
/// - Returns: Whether the value could be checked within the limits. Where not, nothing more is certain: the processor
///   time of a pattern is limited, so the same question may be answered the next time.
func check(_ violations: [Violation], limit: Int, _ isAccepted: Bool, since start: ContinuousClock.Instant) -> Bool {
    // Texts inside of texts make a value deeper than any that can be sent.
    let deep = JSONLimits(depth: 4_096)
    precondition(violations.count <= limit, "there are more violations than were asked for")
    for violation in violations {
        precondition(violation.expected.count <= 3_000, "what is expected takes too many words")
        precondition(violation.nearest?.count ?? 0 <= 400, "what comes nearest is too long")
        precondition(violation.message.unicodeScalars.first != nil, "a violation says nothing")
        let written = try? JSON(parsing: violation.json.bytes(), limits: deep)
        precondition(written == violation.json, "a violation is not written well")
    }
    // Well below the time that one search may take, which is what makes answers uncertain.
    guard !violations.contains(where: \.keyword.isEmpty), start.duration(to: .now) < .milliseconds(25) else {
        return false
    }
    precondition(violations.isEmpty == isAccepted, "a value is accepted and has violations, or neither")
    return true
}
