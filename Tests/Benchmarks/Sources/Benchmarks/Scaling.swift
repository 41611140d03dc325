import Foundation

/// The time for each call of a message and for each plugin, as their number grows.
enum Scaling {
    static func measure(
        _ workshop: PluginWorkshop,
        command: String,
        worker: String,
        into table: inout Table
    ) throws {
        try calls(workshop, worker: worker, into: &table)
        try plugins(workshop, command: command, into: &table)
    }

    private static func calls(_ workshop: PluginWorkshop, worker: String, into table: inout Table) throws {
        announce("10 to 10,000 calls in one message …")
        let driver = try HostDriver(worker: worker, plugin: try workshop.plugin(of: "temperature.c"))
        let counts = [10, 100, 1000, 10_000]
        for (host, place) in [("isolated", "a worker"), ("in-process", "this process")] {
            var contest = SideBySide()
            let indices = counts.map { contest.add(batch: driver.batch(host, calls: $0)) }
            let results = try contest.run(rounds: 15)
            let each = zip(counts, indices).map { results[$1] / $0 }
            for (count, time) in zip(counts, each) {
                table.add("\(count) calls of a message in \(place), each", time, beside: each[0], "of 10")
            }
        }
    }

    private static func plugins(_ workshop: PluginWorkshop, command: String, into table: inout Table) throws {
        announce("10 to 1,000 plugins …")
        let counts = [10, 100, 1000]
        let lists = try counts.map { ListRun(command: command, directory: try workshop.copiedPlugins($0)) }
        let kinds: [(String, [String])] = [("without a cache", []), ("in this process", ["--in-process"])]
        for (name, options) in kinds {
            var times = counts.map { _ in [Duration]() }
            for _ in 0..<5 {
                for (index, list) in lists.enumerated() { times[index].append(try list.measure(options)) }
            }
            let each = zip(counts, times).map { median($1) / $0 }
            for (count, time) in zip(counts, each) {
                table.add("\(count) plugins listed \(name), each", time, beside: each[0], "of 10")
            }
        }
    }
}

/// The verb `list` for the plugins of a directory.
private struct ListRun {
    let command: String
    let directory: URL

    func measure(_ options: [String]) throws -> Duration {
        let process = Process()
        process.executableURL = URL(filePath: command)
        process.arguments = ["list", "--json", "--no-default-plugins", "--plugins", directory.path] + options
        process.environment = [:]
        process.standardOutput = FileHandle.nullDevice
        return try ContinuousClock().measure {
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw BenchmarkError("toolhost list failed.") }
        }
    }
}
