import Glibc
import ToolPluginFoundation

// What goes wrong in Swift: each costs its own call, and nobody else's.

/// Stop at a failed check.
@Tool func trap() -> Int {
    let numbers = [1, 2, 3]
    return numbers[numbers.count + Int(getpid() & 1)]
}

/// Never return.
@Tool func spin() {
    while getppid() >= 0 {}
}

/// Wait, and stop when nobody waits any more.
@Tool func wait() async throws -> String {
    try await Task.sleep(for: .seconds(3600))
    return "rested"
}

/// Block a thread that others may need.
@Tool func blockAsync() async -> String {
    sleep(3600)
    return "rested"
}

/// Answer with what is not JSON.
@Tool func lie() -> [ContentPart] { [ContentPart(mediaType: "application/json", bytes: Array("{".utf8))] }

/// Tell how it goes, and what is left of the time.
@Tool func report(context: ToolContext) -> String {
    context.progress(0.5, "half of it")
    context.log("as expected")
    let remaining = context.remaining.map { $0 > .zero && $0 <= .seconds(60) }
    return "\(remaining == true ? "in time" : "no deadline"), \(context.addresses(of: "localhost").count) addresses"
}
