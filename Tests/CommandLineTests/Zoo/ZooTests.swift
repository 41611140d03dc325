import Foundation
import TestSupport
import Testing
import ToolJSON

/// Every hostile plugin through `toolhost dispatch`, beside three calls of healthy ones.
///
/// The healthy results arrive whole, the hostile call has its one answer, and nothing is left behind.
@Suite("The zoo", .timeLimit(.minutes(10)))
struct ZooTests {
    @Test("one crashes", arguments: Animal.crashing)
    func crashes(animal: Animal) throws { try check(animal) }

    @Test("one does not end", arguments: Animal.endless)
    func isEndless(animal: Animal) throws { try check(animal) }

    @Test("one breaks the contract", arguments: Animal.unruly)
    func isUnruly(animal: Animal) throws { try check(animal) }

    @Test("one is greedy", arguments: Animal.greedy)
    func isGreedy(animal: Animal) throws { try check(animal) }

    @Test("one pries", arguments: Animal.prying(home: Zoo.home))
    func pries(animal: Animal) throws { try check(animal) }

    @Test("one forges", arguments: Animal.forging)
    func forges(animal: Animal) throws { try check(animal) }

    private static let slack = Duration.seconds(15)

    /// Kinds of animals that are kept together, in one host.
    private static let cages: [(name: String, animals: [Animal])] = [
        ("crashing", Animal.crashing), ("endless", Animal.endless), ("unruly", Animal.unruly),
        ("greedy", Animal.greedy), ("prying", Animal.prying(home: Zoo.home)), ("forging", Animal.forging),
    ]

    @Test("leaves a host that lives on with as many descriptors, threads and children as before", arguments: 0..<6)
    func leavesNothing(cage: Int) throws {
        let animals = Self.cages[cage].animals
        let directory = try FixtureDirectory()
        let scratch = try directory.directory("scratch")
        var arguments = [BuiltProducts.executable("toolhost-worker"), try directory.directory("harmless")]
        let reply = #"return tool_reply(call, tool_text("reached"));"#
        try directory.plugin("harmless/hostile.so", FixtureSource.tool("hostile", body: reply))
        for (index, animal) in animals.enumerated() {
            arguments.append(try directory.directory(String(index)))
            try animal.compile(into: directory, as: "\(index)/hostile.so")
        }
        var command = Command("")
        command.program = BuiltProducts.executable("LivingHost")
        command.arguments = arguments
        command.environment = ["TMPDIR": scratch]
        let before = try Zoo.leftovers()
        let run = try command.run()
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json
        let statuses = report["statuses"]?.object ?? [:]
        #expect(statuses.count == animals.count)
        for (index, animal) in animals.enumerated() {
            let status = statuses[directory.path + "/\(index)"]?.string ?? "none"
            switch animal.outcome {
            // The numbers of calls that they guess are those of other calls here, or of none.
            case _ where cage == 5: #expect(!status.isEmpty && status != "none", "\(animal.name)")
            case .answer(let wanted, _): #expect(status == wanted, "\(animal.name)")
            case .oneOf(let wanted): #expect(wanted.contains(status), "\(animal.name): \(status)")
            case .missing: #expect(status == "unknown_tool", "\(animal.name)")
            }
        }
        let (had, has) = (report["before"] ?? .null, report["after"] ?? .null)
        #expect(has["descriptors"] == had["descriptors"] && has["children"] == 0, "\(report.text())")
        #expect((has["threads"]?.int ?? .max) <= (had["threads"]?.int ?? 0), "\(report.text())")
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == [])
        #expect(try Zoo.leftovers() == before)
    }

    private func check(_ animal: Animal) throws {
        let healthy = try Zoo.healthy
        let directory = try FixtureDirectory()
        try animal.compile(into: directory, as: "hostile.so")
        try directory.file("config.json", #"{"limits":{"grace":0.3,"registration":3,"result_bytes":4000000}}"#.utf8)
        let before = try Zoo.leftovers()

        var command = Command("dispatch", "--json", plugins: healthy, input: Self.calls)
        command.arguments += ["--plugins", directory.path, "--config", directory.path + "/config.json"]
        let start = ContinuousClock.now
        let run = try command.runMarked()
        // To load it, to let it run, and to end it: with what a machine may be busy with meanwhile.
        #expect(ContinuousClock.now - start < .seconds(3 + animal.timeout) + Self.slack)
        #expect(run.result.status == 0, "\(run.result.errors)")
        let answers = try #require(try run.result.json["calls"]?.array)
        try #require(answers.count == 4, "\(run.result.output)")
        for (index, text) in [(0, #"{"n":1}"#), (2, "ababab"), (3, #"{"n":2}"#)] {
            #expect(
                answers[index]["status"] == "ok" && answers[index]["text"]?.string == text,
                "\(answers[index].text())"
            )
        }
        let (status, text) = (answers[1]["status"]?.string ?? "", answers[1]["text"]?.string ?? "")
        // Its deadline and its grace.
        let longest = Duration.seconds(Double(animal.timeout) + 0.3) + Self.slack
        #expect(answers[1]["seconds"]?.number.map { .seconds($0.double) < longest } == true, "\(answers[1].text())")
        #expect(text.utf8.count <= 4_000_000)
        switch animal.outcome {
        case .answer(let wanted, let words):
            #expect(status == wanted && text.contains(words) || words.isEmpty && status == wanted, "\(status): \(text)")
        case .oneOf(let wanted):
            #expect(wanted.contains(status), "\(status): \(text)")
        case .missing(let words):
            #expect(status == "unknown_tool" && text.hasPrefix("Tool hostile not found"), "\(status): \(text)")
            var doctor = Command("doctor", plugins: directory)
            doctor.arguments += ["--config", directory.path + "/config.json"]
            let result = try doctor.run()
            #expect(result.status == 4, "\(result.output)")
            #expect(result.output.contains(directory.path + "/hostile.so"), "\(result.output)")
            #expect(result.output.contains(words), "\(result.output)")
        }
        #expect(Zoo.survivors(of: run.process) == [])
        #expect(try Zoo.leftovers() == before)
    }

    private static let calls = #"""
        {"tool_calls":[{"function":{"name":"first","arguments":{"n":1}}},{"function":{"name":"hostile","arguments":{}}},
        {"function":{"name":"repeat","arguments":{"text":"ab","times":3}}},
        {"function":{"name":"second","arguments":{"n":2}}}]}
        """#
}

extension Animal {
    fileprivate func compile(into directory: FixtureDirectory, as name: String) throws {
        let libraries = language == "c++" ? ["-lstdc++"] : []
        try directory.plugin(name, source, flags: ["-w", "-O1", "-x", language] + libraries)
    }
}

/// What the animals live beside.
private enum Zoo {
    /// Three plugins that do as they should.
    static var healthy: FixtureDirectory {
        get throws { try shared.get() }
    }

    private static let shared = Result {
        let fixture = try FixtureDirectory()
        let echo = "tool_write_json(call, call->arguments); return tool_finish(call, TOOL_OK);"
        try fixture.plugin("first.so", FixtureSource.tool("first", body: echo))
        try fixture.plugin("second.so", FixtureSource.tool("second", body: echo))
        try fixture.plugin("healthy.so", FixtureSource.healthy)
        atexit { if let directory = try? Zoo.healthy { try? FileManager.default.removeItem(atPath: directory.path) } }
        return fixture
    }

    /// A home directory with a secret in it.
    static let home: String = {
        guard let directory = try? healthy, let home = try? directory.directory("home"),
            (try? directory.directory("home/.ssh")) != nil,
            (try? directory.file("home/.ssh/id", Array("secret".utf8), mode: 0o600)) != nil
        else { return "/nonexistent" }
        return home
    }()

    /// What stands where animals leave things.
    static func leftovers() throws -> [String] {
        let home = try FileManager.default.subpathsOfDirectory(atPath: home).sorted()
        return home + ["/tmp/zoo-left"].filter { FileManager.default.fileExists(atPath: $0) }
    }

    /// The processes that a run of toolhost has left behind, once they have had time to go.
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
