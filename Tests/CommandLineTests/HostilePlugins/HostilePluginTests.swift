import Foundation
import TestSupport
import Testing
import ToolJSON

/// Every hostile plugin in `toolhost dispatch`, beside three calls of well-behaved plugins.
///
/// The other results arrive whole, the hostile call has exactly one result, and no file or process is left.
@Suite("Hostile plugins", .timeLimit(.minutes(10)))
struct HostilePluginTests {
    @Test("a plugin that crashes or exits affects no other call", arguments: HostilePlugin.crashing)
    func crashes(plugin: HostilePlugin) throws { try check(plugin) }

    @Test("a plugin that does not return affects no other call", arguments: HostilePlugin.endless)
    func isEndless(plugin: HostilePlugin) throws { try check(plugin) }

    @Test("a plugin that violates the contract affects no other call", arguments: HostilePlugin.violating)
    func violates(plugin: HostilePlugin) throws { try check(plugin) }

    @Test("a plugin that exhausts a resource affects no other call", arguments: HostilePlugin.greedy)
    func isGreedy(plugin: HostilePlugin) throws { try check(plugin) }

    @Test(
        "a plugin cannot access files and processes without permission",
        arguments: HostilePlugin.prying(home: Surroundings.home)
    )
    func accesses(plugin: HostilePlugin) throws { try check(plugin) }

    @Test("a plugin that forges messages affects no other call", arguments: HostilePlugin.forging)
    func forges(plugin: HostilePlugin) throws { try check(plugin) }

    private static let slack = Duration.seconds(15)

    /// The kinds of hostile plugins; those of one kind are loaded by one host.
    private static let kinds: [(name: String, plugins: [HostilePlugin])] = [
        ("crashing", HostilePlugin.crashing), ("endless", HostilePlugin.endless),
        ("violating", HostilePlugin.violating),
        ("greedy", HostilePlugin.greedy), ("prying", HostilePlugin.prying(home: Surroundings.home)),
        ("forging", HostilePlugin.forging),
    ]

    @Test("a host has no more descriptors, threads and children after hostile plugins than before", arguments: 0..<6)
    func leavesNothing(kind: Int) throws {
        let plugins = Self.kinds[kind].plugins
        let directory = try FixtureDirectory()
        let scratch = try directory.directory("scratch")
        var arguments = [BuiltProducts.executable("toolhost-worker"), try directory.directory("harmless")]
        let reply = #"return tool_reply(call, tool_text("reached"));"#
        try directory.plugin("harmless/hostile.so", FixtureSource.tool("hostile", body: reply))
        for (index, plugin) in plugins.enumerated() {
            arguments.append(try directory.directory(String(index)))
            try plugin.compile(into: directory, as: "\(index)/hostile.so")
        }
        var command = Command("")
        command.program = BuiltProducts.executable("LivingHost")
        command.arguments = arguments
        command.environment = ["TMPDIR": scratch]
        let before = try Surroundings.leftovers()
        let run = try command.run()
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json
        let statuses = report["statuses"]?.object ?? [:]
        #expect(statuses.count == plugins.count)
        for (index, plugin) in plugins.enumerated() {
            let status = statuses[directory.path + "/\(index)"]?.string ?? "none"
            switch plugin.outcome {
            // The guessed call ids belong to other calls here, or to none.
            case _ where kind == 5: #expect(!status.isEmpty && status != "none", "\(plugin.name)")
            case .result(let wanted, _): #expect(status == wanted, "\(plugin.name)")
            case .oneOf(let wanted): #expect(wanted.contains(status), "\(plugin.name): \(status)")
            case .unregistered: #expect(status == "unknown_tool", "\(plugin.name)")
            }
        }
        let (had, has) = (report["before"] ?? .null, report["after"] ?? .null)
        #expect(has["descriptors"] == had["descriptors"] && has["children"] == 0, "\(report.text())")
        #expect((has["threads"]?.int ?? .max) <= (had["threads"]?.int ?? 0), "\(report.text())")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == [])
        #expect(try Surroundings.leftovers() == before)
    }

    private func check(_ plugin: HostilePlugin) throws {
        let healthy = try Surroundings.healthy
        let directory = try FixtureDirectory()
        try plugin.compile(into: directory, as: "hostile.so")
        try directory.file("config.json", #"{"limits":{"grace":0.3,"registration":3,"result_bytes":4000000}}"#.utf8)
        let before = try Surroundings.leftovers()

        var command = Command("dispatch", "--json", plugins: healthy, input: Self.calls)
        command.arguments += ["--plugins", directory.path, "--config", directory.path + "/config.json"]
        let start = ContinuousClock.now
        let run = try command.runMarked()
        // The time to load, run and terminate it on a busy machine.
        #expect(ContinuousClock.now - start < .seconds(3 + plugin.timeout) + Self.slack)
        #expect(run.result.status == 0, "\(run.result.errors)")
        let results = try #require(try run.result.json["calls"]?.array)
        try #require(results.count == 4, "\(run.result.output)")
        for (index, text) in [(0, #"{"n":1}"#), (2, "ababab"), (3, #"{"n":2}"#)] {
            #expect(
                results[index]["status"] == "ok" && results[index]["text"]?.string == text,
                "\(results[index].text())"
            )
        }
        let (status, text) = (results[1]["status"]?.string ?? "", results[1]["text"]?.string ?? "")
        // The timeout and the grace period.
        let longest = Duration.seconds(Double(plugin.timeout) + 0.3) + Self.slack
        #expect(results[1]["seconds"]?.number.map { .seconds($0.double) < longest } == true, "\(results[1].text())")
        #expect(text.utf8.count <= 4_000_000)
        switch plugin.outcome {
        case .result(let wanted, let words):
            #expect(status == wanted && text.contains(words) || words.isEmpty && status == wanted, "\(status): \(text)")
        case .oneOf(let wanted):
            #expect(wanted.contains(status), "\(status): \(text)")
        case .unregistered(let words):
            #expect(status == "unknown_tool" && text.hasPrefix("Tool hostile not found"), "\(status): \(text)")
            var doctor = Command("doctor", plugins: directory)
            doctor.arguments += ["--config", directory.path + "/config.json"]
            let result = try doctor.run()
            #expect(result.status == 4, "\(result.output)")
            #expect(result.output.contains(directory.path + "/hostile.so"), "\(result.output)")
            #expect(result.output.contains(words), "\(result.output)")
        }
        #expect(Surroundings.survivors(of: run.process) == [])
        #expect(try Surroundings.leftovers() == before)
    }

    private static let calls = #"""
        {"tool_calls":[{"function":{"name":"first","arguments":{"n":1}}},{"function":{"name":"hostile","arguments":{}}},
        {"function":{"name":"repeat","arguments":{"text":"ab","times":3}}},
        {"function":{"name":"second","arguments":{"n":2}}}]}
        """#
}

extension HostilePlugin {
    fileprivate func compile(into directory: FixtureDirectory, as name: String) throws {
        let libraries = language == "c++" ? ["-lstdc++"] : []
        try directory.plugin(name, try source, flags: ["-w", "-O1", "-x", language] + libraries)
    }
}

/// The well-behaved plugins and the files beside a hostile plugin.
private enum Surroundings {
    /// Three well-behaved plugins.
    static var healthy: FixtureDirectory {
        get throws { try shared.get() }
    }

    private static let shared = Result {
        let fixture = try FixtureDirectory()
        let echo = "tool_write_json(call, call->arguments); return tool_finish(call, TOOL_OK);"
        try fixture.plugin("first.so", FixtureSource.tool("first", body: echo))
        try fixture.plugin("second.so", FixtureSource.tool("second", body: echo))
        try fixture.plugin("healthy.so", FixtureSource.healthy)
        atexit {
            if let directory = try? Surroundings.healthy { try? FileManager.default.removeItem(atPath: directory.path) }
        }
        return fixture
    }

    /// A home directory with a secret.
    static let home: String = {
        guard let directory = try? healthy, let home = try? directory.directory("home"),
            (try? directory.directory("home/.ssh")) != nil,
            (try? directory.file("home/.ssh/id", Array("secret".utf8), mode: 0o600)) != nil
        else { return "/nonexistent" }
        return home
    }()

    /// The files in the directories in which hostile plugins create some.
    static func leftovers() throws -> [String] {
        let home = try FileManager.default.subpathsOfDirectory(atPath: home).sorted()
        return home + ["/tmp/left-by-plugin"].filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// The worker processes that survive their host.
    ///
    /// The function polls, because the kernel reports the exit of these processes only to their parent.
    static func survivors(of host: pid_t) -> [String] {
        var found: [String] = []
        for _ in 0..<500 {
            found = WorkerProcesses.of(host).map(String.init)
            if found.isEmpty { break }
            usleep(10_000)
        }
        return found
    }
}
