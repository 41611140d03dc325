import Foundation

/// The run time and the peak memory of a command, beside an empty program.
enum Startup {
    private static let rounds = 51
    private static let count = 1000

    static func measure(_ workshop: PluginWorkshop, command: String, into table: inout Table) throws {
        announce("The start of the command …")
        let starter = try workshop.program("starter", ShortRun.starter, flags: ["-O2"])
        let empty = try workshop.program("empty", "int main(void) { return 0; }", flags: ["-O2"])
        let many = try workshop.copiedPlugins(count)
        let home = workshop.directory.appending(path: "startup").path
        func run(_ arguments: String..., home name: String) -> ShortRun {
            ShortRun(starter: starter, words: [command] + arguments, home: "\(home)/\(name)")
        }
        let cases = [
            ("toolhost --version", run("--version", home: "samples")),
            ("toolhost list, samples", run("list", home: "samples")),
            (
                "toolhost list, \(count) plugins",
                run("list", "--no-default-plugins", "--plugins", many.path, home: "many")
            ),
            ("toolhost call add", run("call", "add", #"{"a": 1, "b": 2}"#, home: "samples")),
        ]
        let bare = ShortRun(starter: starter, words: [empty.path], home: home)
        for (_, run) in cases { try run.warmUp() }
        // Alternating, so that other load on the machine affects all equally.
        var (empties, usages): ([ShortRun.Usage], [[ShortRun.Usage]]) = ([], cases.map { _ in [] })
        for _ in 0..<rounds {
            empties.append(try bare.measure())
            for (index, (_, run)) in cases.enumerated() { usages[index].append(try run.measure()) }
        }
        for ((name, _), usages) in zip(cases, usages) {
            let (wall, emptyWall) = (median(usages.map(\.wall)), median(empties.map(\.wall)))
            table.add(name, wall, beside: emptyWall, "an empty program")
            table.add("    difference", wall - emptyWall)
            let (processor, emptyProcessor) = (median(usages.map(\.processor)), median(empties.map(\.processor)))
            table.add("    processor time", processor, beside: emptyProcessor, "")
            let (peak, emptyPeak) = (usages.map(\.bytes).max() ?? 0, empties.map(\.bytes).max() ?? 0)
            table.add("    peak memory", bytes: peak, beside: emptyPeak, "")
        }
    }
}
