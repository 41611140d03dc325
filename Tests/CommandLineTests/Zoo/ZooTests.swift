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

    private func check(_ animal: Animal) throws {
        let healthy = try Zoo.healthy
        let folder = try FixtureFolder()
        try folder.plugin(
            "hostile.so",
            animal.source,
            flags: ["-w", "-O1", "-x", animal.language] + (animal.language == "c++" ? ["-lstdc++"] : [])
        )
        try folder.file("config.json", #"{"limits":{"grace":0.3,"registration":3,"result_bytes":4000000}}"#.utf8)
        let before = try Zoo.leftovers()

        var command = Command("dispatch", "--json", plugins: healthy, input: Self.calls)
        command.arguments += ["--plugins", folder.path, "--config", folder.path + "/config.json"]
        let run = try command.runMarked()
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
        #expect(text.utf8.count <= 4_000_000)
        switch animal.outcome {
        case .answer(let wanted, let words):
            #expect(status == wanted && text.contains(words) || words.isEmpty && status == wanted, "\(status): \(text)")
        case .oneOf(let wanted):
            #expect(wanted.contains(status), "\(status): \(text)")
        case .missing(let words):
            #expect(status == "unknown_tool" && text.hasPrefix("Tool hostile not found"), "\(status): \(text)")
            var doctor = Command("doctor", plugins: folder)
            doctor.arguments += ["--config", folder.path + "/config.json"]
            let result = try doctor.run()
            #expect(result.status == 4, "\(result.output)")
            #expect(result.output.contains(folder.path + "/hostile.so"), "\(result.output)")
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

/// What the animals live beside.
private enum Zoo {
    /// Three plugins that do as they should.
    static var healthy: FixtureFolder {
        get throws { try shared.get() }
    }

    private static let shared = Result {
        let folder = try FixtureFolder()
        let echo = "tool_write_json(call, call->arguments); return tool_finish(call, TOOL_OK);"
        try folder.plugin("first.so", FixtureSource.tool("first", body: echo))
        try folder.plugin("second.so", FixtureSource.tool("second", body: echo))
        try folder.plugin("healthy.so", FixtureSource.healthy)
        atexit { if let folder = try? Zoo.healthy { try? FileManager.default.removeItem(atPath: folder.path) } }
        return folder
    }

    /// A home folder with a secret in it.
    static let home: String = {
        guard let folder = try? healthy, let home = try? folder.folder("home"),
            (try? folder.folder("home/.ssh")) != nil,
            (try? folder.file("home/.ssh/id", Array("secret".utf8), mode: 0o600)) != nil
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
        let words = ["toolhost-worker", String(host)]
        var found: [String] = []
        for _ in 0..<500 {
            found = processes().filter { command in
                command.count == 2 && command[0].hasSuffix(words[0]) && command[1] == words[1]
            }.map { $0.joined(separator: " ") }
            if found.isEmpty { break }
            usleep(10_000)
        }
        return found
    }

    private static func processes() -> [[String]] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc"))?.filter { Int($0) != nil } ?? []
        return numbers.compactMap { number in
            // Gone already, or a zombie without words.
            guard let data = FileManager.default.contents(atPath: "/proc/\(number)/cmdline") else { return nil }
            return data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
