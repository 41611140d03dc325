import Foundation

/// Measures what toolhost adds, each time beside the bare thing in the same run: absolute times say more about the
/// machine than about the code.
@main
enum Benchmarks {
    static func main() async throws {
        guard CommandLine.arguments.count == 3 else {
            throw BenchmarkError("Give the command toolhost and the folder of tool_plugin.h, as Scripts/bench does.")
        }
        let workshop = try PluginWorkshop(include: CommandLine.arguments[2])
        defer { workshop.remove() }
        var table = Table()
        try await BlockingCalls.measure(workshop, into: &table)
        try await ManyPlugins.measure(workshop, command: CommandLine.arguments[1], into: &table)
        try await HostTime.measure(workshop, into: &table)
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
