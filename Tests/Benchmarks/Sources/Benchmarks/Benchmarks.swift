import Foundation

/// Measures the overhead of toolhost, each time beside a minimal equivalent in the same run: absolute times depend more
/// on the machine than on the code.
@main
enum Benchmarks {
    static func main() async throws {
        var words = Array(CommandLine.arguments.dropFirst())
        let isMarkdown = words.first == "--markdown"
        if isMarkdown { words.removeFirst() }
        guard words.count >= 3 else {
            throw BenchmarkError(
                """
                Arguments: [--markdown] TOOLHOST INCLUDE-DIRECTORY NATIVECALLS [NAME ...]. Run Scripts/bench, which \
                passes them.
                """
            )
        }
        let suite = BenchmarkSuite(
            workshop: try PluginWorkshop(include: words[1]),
            command: words[0],
            native: URL(filePath: words[2])
        )
        defer { suite.workshop.remove() }
        let names = words.dropFirst(3)
        if isMarkdown { print(Machine.description + "\n") }
        for table in try await suite.tables(names.isEmpty ? BenchmarkSuite.usual : Array(names)) {
            print(isMarkdown ? table.markdown : table.text)
        }
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
