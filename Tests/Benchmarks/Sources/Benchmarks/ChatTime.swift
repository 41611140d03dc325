import Foundation

/// The chat on a terminal: the first character of an answer, and the cost of each token.
enum ChatTime {
    /// The number of runs, in which the programs alternate.
    private static let rounds = 5
    /// The number of copies of `answer.md`, which has 1,180 bytes, in a short answer, in 1 MB and in 10 MB.
    private static let (short, long, longest) = (20, 850, 8500)

    static func measure(_ workshop: PluginWorkshop, command: String, into table: inout Table) throws {
        announce("A chat on a terminal (two minutes) …")
        let terminal = try ChatTerminal(workshop)
        let toolhost = [command, "chat", "-m", "scripted", "--num-ctx", "4096"]
        let reader = ("a reader in C", [terminal.program, "read"])
        let python = ("Ollama client, Python", ["python3", PluginWorkshop.file("chat.py").path])
        var peers = [reader]
        if try hasClient() { peers.append(python) }
        try measureFirst(terminal, toolhost, peers, into: &table)
        try measureTokens(terminal, toolhost, peers, into: &table)
    }

    private static func measureFirst(
        _ terminal: ChatTerminal,
        _ toolhost: [String],
        _ peers: [(name: String, words: [String])],
        into table: inout Table
    ) throws {
        var times = QuantileTable()
        for _ in 0..<rounds {
            for (name, words) in [("", toolhost)] + peers {
                for time in try terminal.first(of: 50, after: 20, words) { times.add(name, time) }
            }
        }
        // After that time, the wait for the model is shown.
        for time in try terminal.first(of: 20, after: 500, toolhost) { times.add("waiting", time) }
        for (share, name) in [(0.5, "p50"), (0.99, "p99")] {
            for peer in peers {
                table.add(
                    "first character after the first byte, \(name)",
                    times.quantile("", share),
                    beside: times.quantile(peer.name, share),
                    "\(peer.name), \(name)"
                )
            }
        }
        table.add("the same while the wait is shown, p50", times.quantile("waiting", 0.5))
    }

    private static func measureTokens(
        _ terminal: ChatTerminal,
        _ toolhost: [String],
        _ peers: [(name: String, words: [String])],
        into table: inout Table
    ) throws {
        let all = [("", toolhost), ("not rendered", toolhost + ["--output", "markdown"])] + peers
        var (fast, slow): ([String: [ChatTerminal.Cost]], [String: [ChatTerminal.Cost]]) = ([:], [:])
        for _ in 0..<rounds {
            for (name, words) in all {
                fast[name, default: []].append(try terminal.token(of: short, pause: .zero, words))
                slow[name, default: []].append(try terminal.token(of: 1, pause: .milliseconds(2), words))
            }
        }
        func add(_ what: String, _ costs: [String: [ChatTerminal.Cost]], _ part: (ChatTerminal.Cost) -> Duration) {
            for (name, _) in all.dropFirst() {
                let (own, other) = (costs["", default: []], costs[name, default: []])
                table.add(what, median(own.map(part)), beside: median(other.map(part)), name)
            }
        }
        add("token of a fast answer, processor time", fast, \.processor)
        add("token of a fast answer, elapsed time", fast, \.elapsed)
        add("token at 500 in a second, processor time", slow, \.processor)
        let usual = median(fast["", default: []].map(\.processor))
        let megabyte = try terminal.token(of: long, pause: .zero, toolhost).processor
        let tenMegabytes = try terminal.token(of: longest, pause: .zero, toolhost).processor
        table.add("token of an answer of 1 MB, processor time", megabyte, beside: usual, "of 24 KB")
        table.add("token of an answer of 10 MB, processor time", tenMegabytes, beside: megabyte, "of 1 MB")
    }

    /// Returns true if the Ollama client for Python is installed.
    private static func hasClient() throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import ollama"]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus != 0 else { return true }
        announce("The rows of the Ollama client are omitted: the Python package ollama is not installed.")
        return false
    }
}
