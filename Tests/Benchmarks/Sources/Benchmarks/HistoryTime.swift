import Foundation

/// Opening and searching a history of 100,000 messages, beside Python's sqlite3.
///
/// `Tests/HistoryCalls` fills and measures the history, because it is not part of the public library.
enum HistoryTime {
    /// The number of runs of a command.
    private static let rounds = 51
    private static let work = [
        ("list", "opening, and the 20 latest conversations"),
        ("continue", "opening, and the 20 messages of the latest one"),
        ("continue-long", "opening, and a conversation of 2,000 messages"),
        ("common", "search: a common word"),
        ("common-words", "search: two common words"),
        ("prefix", "search: the beginning of many words"),
        ("rare", "search: a word of 4 messages"),
        ("absent", "search: a word of no message"),
        ("tool", "search: the calls of a tool"),
        ("common-tool", "search: a common word, and a common tool"),
        ("rare-tool", "search: a common word, and a tool of one conversation"),
        ("east-asian", "search: a common Japanese word"),
        ("east-asian-rare", "search: a Japanese word of 4 messages"),
        ("punctuation", "search: punctuation, which is not in the index"),
    ]
    private static let peers = [
        "list": "Python: sqlite3", "continue": "Python: sqlite3", "continue-long": "Python: sqlite3",
        "rare": "Python: sqlite3, LIKE", "east-asian-rare": "Python: sqlite3, LIKE",
    ]

    /// - Parameters:
    ///   - command: The path of the command.
    ///   - program: The program `HistoryCalls`.
    static func measure(
        _ workshop: PluginWorkshop,
        command: String,
        program: URL,
        into table: inout Table
    ) throws {
        announce("A history of 100,000 messages, which is written first (a minute) …")
        let home = workshop.directory.appending(path: "history").path
        let file = home + "/.local/state/toolhost/conversations.db"
        guard let history = try PeerProcess(program, [file]) else {
            throw BenchmarkError("\(program.path) does not start. Run Scripts/bench, which builds it.")
        }
        let script = PluginWorkshop.file("history.py").path
        let python = try PeerProcess(URL(filePath: "/usr/bin/env"), ["python3", script, file])
        if python == nil { announce("The rows of Python are omitted: python3 does not start.") }
        var contest = SideBySide()
        let rows = work.map { name, what in
            let peer = peers[name].flatMap { description in python.map { (description, $0.batch(name)) } }
            return (
                what, contest.add(batch: history.batch(name)),
                peer.map { description, batch in (description, contest.add(batch: batch)) }
            )
        }
        let results = try contest.run()
        for (what, own, peer) in rows {
            if let (description, index) = peer {
                table.add(what, results[own], beside: results[index], description)
            } else {
                table.add(what, results[own])
            }
        }
        try measureCommand(workshop, command, home, into: &table)
    }

    private static func measureCommand(
        _ workshop: PluginWorkshop,
        _ command: String,
        _ home: String,
        into table: inout Table
    ) throws {
        let starter = try workshop.program("starter", ShortRun.starter, flags: ["-O2"])
        let runs = [["--version"], ["history"], ["history", "search", "quetzalcoatl"]].map { words in
            ShortRun(starter: starter, words: [command] + words, home: home)
        }
        var times = runs.map { _ in [Duration]() }
        for _ in 0..<rounds {
            for (index, run) in runs.enumerated() { times[index].append(try run.measure().wall) }
        }
        let version = median(times[0])
        table.add("the command toolhost history", median(times[1]), beside: version, "toolhost --version")
        table.add("the command toolhost history search", median(times[2]), beside: version, "toolhost --version")
    }
}
