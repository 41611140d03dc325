import Glibc
import ToolPluginFoundation

// Tools that misbehave in ways that are typical of Swift. Each must fail its own call only.

/// Stop at a failed check.
@Tool func trap() -> Int {
    let numbers = [1, 2, 3]
    return numbers[numbers.count + Int(getpid() & 1)]
}

/// Never return.
@Tool func spin() {
    while getppid() >= 0 {}
}

/// Wait until the call is cancelled.
@Tool func wait() async throws -> String {
    try await Task.sleep(for: .seconds(3600))
    return "rested"
}

/// Block a thread of the executor.
@Tool func blockAsync() async -> String {
    sleep(3600)
    return "rested"
}

/// Return invalid JSON as JSON.
@Tool func lie() -> [ContentPart] { [ContentPart(mediaType: "application/json", bytes: Array("{".utf8))] }

/// Report progress and the remaining time.
@Tool func report(context: ToolContext) -> String {
    context.progress(0.5, "half of it")
    context.log("as expected")
    let remaining = context.remaining.map { $0 > .zero && $0 <= .seconds(60) }
    return "\(remaining == true ? "in time" : "no deadline"), \(context.addresses(of: "localhost").count) addresses"
}
