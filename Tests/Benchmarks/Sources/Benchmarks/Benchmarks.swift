import Foundation

/// Measures what toolhost adds, each time beside the bare thing in the same run: absolute times say more about the
/// machine than about the code.
@main
enum Benchmarks {
    static func main() async throws {
        guard CommandLine.arguments.count >= 4 else {
            throw BenchmarkError(
                "Give toolhost, the directory of tool_plugin.h and NativeCalls, as Scripts/bench does."
            )
        }
        let workshop = try PluginWorkshop(include: CommandLine.arguments[2])
        defer { workshop.remove() }
        let names = CommandLine.arguments.dropFirst(4)
        func isWanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }

        var table = Table()
        if isWanted("calls") { try await BlockingCalls.measure(workshop, into: &table) }
        if isWanted("isolation") {
            try await IsolatedCalls.measure(workshop, command: CommandLine.arguments[1], into: &table)
        }
        if isWanted("swift") {
            try ToolFunctions.measure(workshop, command: CommandLine.arguments[1], into: &table)
        }
        // Only when it is asked for: it compiles swift-syntax, for minutes.
        if names.contains("start") {
            try NewPlugin.measure(workshop, command: CommandLine.arguments[1], into: &table)
        }
        if isWanted("startup") { try Startup.measure(workshop, command: CommandLine.arguments[1], into: &table) }
        if isWanted("plugins") {
            try await ManyPlugins.measure(workshop, command: CommandLine.arguments[1], into: &table)
        }
        if isWanted("turn") { try await HostTime.measure(workshop, into: &table) }
        if ["native", "arguments", "document"].contains(where: isWanted) {
            let document = try LargeDocument(in: workshop.directory)
            let python = try PythonPeer(in: workshop.directory, document: document.file)
            if isWanted("native") {
                try NativeCalls.measure(URL(filePath: CommandLine.arguments[3]), beside: python, into: &table)
            }
            if isWanted("arguments") { try CheckedArguments.measure(beside: python, into: &table) }
            if isWanted("document") { try document.measure(beside: python, into: &table) }
        }
        print(table.text)
    }
}

/// Why nothing could be measured.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Says how far it is, on standard error: the table alone is data.
func announce(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
