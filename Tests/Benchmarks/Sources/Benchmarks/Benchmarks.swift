import Foundation

/// Measures the overhead of toolhost, each time beside a minimal equivalent in the same run: absolute times depend more
/// on the machine than on the code.
@main
enum Benchmarks {
    static func main() async throws {
        guard CommandLine.arguments.count >= 4 else {
            throw BenchmarkError(
                "Arguments: TOOLHOST INCLUDE-DIRECTORY NATIVECALLS [NAME ...]. Run Scripts/bench, which passes them."
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
        // Only if named: it compiles swift-syntax, which takes minutes.
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

/// The reason why a benchmark failed.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Reports the progress on standard error; standard output is for the table.
func announce(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
