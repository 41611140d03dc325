import ToolJSON
import ToolSchema

/// A schema and an instance.
///
/// In an input, the schema is the first line and the instance is the rest.
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

    /// The encoded input.
    var bytes: [UInt8] { schema.bytes() + [UInt8(ascii: "\n")] + instance.bytes() }
}

/// Checks that the violations of a value are consistent with its acceptance.
///
/// - Returns: True if the value was checked within the limits. Otherwise nothing more is certain: the processor time of
///   a pattern is limited, so the same check can succeed the next time.
func check(_ violations: [Violation], limit: Int, _ isAccepted: Bool, since start: ContinuousClock.Instant) -> Bool {
    // JSON inside strings can make a coerced value deeper than any parsed one.
    let deep = JSONLimits(depth: 4_096)
    precondition(violations.count <= limit, "there are more violations than were asked for")
    for violation in violations {
        precondition(violation.expected.count <= 3_000, "what is expected takes too many words")
        precondition(violation.nearest?.count ?? 0 <= 400, "what comes nearest is too long")
        precondition(violation.message.unicodeScalars.first != nil, "a violation says nothing")
        let written = try? JSON(parsing: violation.json.bytes(), limits: deep)
        precondition(written == violation.json, "a violation is not written well")
    }
    // Well below the maximum time of a search, which is the cause of uncertain results.
    guard !violations.contains(where: \.keyword.isEmpty), start.duration(to: .now) < .milliseconds(25) else {
        return false
    }
    precondition(violations.isEmpty == isAccepted, "a value is accepted and has violations, or neither")
    return true
}
