import Foundation

/// One call of a tool, beside what other programs do for it.
///
/// Each peer gets the decoded arguments `{"city": "London"}` and returns a string, except where the table states more.
enum Peers {
    static func measure(_ workshop: PluginWorkshop, worker: String, native: URL, into table: inout Table) throws {
        announce("One call of a tool, beside other ways to make it (half a minute) …")
        var rows = PeerRows()
        let driver = try HostDriver(worker: worker, plugin: try workshop.plugin(of: "temperature.c"))
        rows.add("toolhost: call in a worker", "checked, authorized, in a confined process", driver.batch("isolated"))
        rows.add("toolhost: batch of 8 in a worker, each", "the same", calls: 8, driver.batch("isolated", calls: 8))
        rows.add("toolhost: call in this process", "checked, authorized, another thread", driver.batch("in-process"))
        rows.add("toolhost: call on the caller's thread", "a tool of the program; the same", driver.batch("direct"))
        if let calls = try PeerProcess(native) {
            rows.add("toolhost: native call", "strlen: a value of a dictionary, libffi", calls.batch("strlen-values"))
        }
        let python = try PythonPeers()
        let spawning = try PeerProcess(try workshop.program(of: "process.c"))
        let pingPong = try PingPong(workshop)

        python.add("function", "Python: a function", "keyword arguments", to: &rows)
        python.add("ctypes", "Python: ctypes", "strlen: a value of a dict, encoded", to: &rows)
        python.add("cffi", "Python: cffi", "strlen: a value of a dict, encoded", to: &rows)
        python.add("ollama", "Ollama client, Python", "response parsed, function called, message created", to: &rows)
        python.add("llm", "llm", "execute_tool_calls of a response, in this process", to: &rows)
        python.add("extism", "Extism (WebAssembly), Python", "JSON written, function in a sandbox", to: &rows)
        python.add("mcp", "MCP over stdio, Python SDK", "request to a server process, not confined", to: &rows)
        if let spawning {
            rows.add("a process for each call", "posix_spawn of a program in C, pipes", spawning.batch("process"))
        }
        rows.add("a round trip over a socket", "64 bytes to another process and back, no tool") { count in
            try ContinuousClock().measure { for _ in 0..<count { try pingPong.exchange() } }
        }
        try rows.measure(into: &table)
    }
}

/// The rows of the table, which are measured in alternation.
private struct PeerRows {
    private var contest = SideBySide()
    private var rows: [(name: String, content: String, index: Int, calls: Int)] = []

    /// Adds a row.
    ///
    /// - Parameter calls: The number of calls of one repetition.
    mutating func add(_ name: String, _ content: String, calls: Int = 1, _ batch: @escaping SideBySide.Batch) {
        rows.append((name, content, contest.add(batch: batch), calls))
    }

    func measure(into table: inout Table) throws {
        let results = try contest.run()
        let times = rows.map { results[$0.index] / $0.calls }
        for (row, time) in zip(rows, times) { table.add(peer: row.name, time, of: times[0], row.content) }
    }
}

/// A Python process with the libraries that can be measured.
private struct PythonPeers {
    /// The first line that the process writes.
    private struct Greeting: Decodable {
        let python: String
        let versions: [String: String]
        let missing: [String: String]
    }

    private let process: PeerProcess?
    private let greeting: Greeting

    init() throws {
        process = try PeerProcess(
            URL(filePath: "/usr/bin/env"),
            ["python3", PluginWorkshop.file("peers.py").path]
        )
        let line = process?.greeting ?? #"{"python": "", "versions": {}, "missing": {}}"#
        greeting = try JSONDecoder().decode(Greeting.self, from: Data(line.utf8))
        if process == nil { announce("The rows of Python are omitted: python3 does not start.") }
    }

    func add(_ peer: String, _ name: String, _ content: String, to rows: inout PeerRows) {
        guard let process else { return }
        guard let version = greeting.versions[peer] else {
            return announce("The row \(name) is omitted: \(greeting.missing[peer] ?? "it does not run").")
        }
        let description = [content, version].filter { !$0.isEmpty }.joined(separator: "; ")
        rows.add(name, description, process.batch(peer))
    }
}
