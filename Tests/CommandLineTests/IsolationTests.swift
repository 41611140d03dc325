import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Isolation", .timeLimit(.minutes(10)))
struct IsolationTests {
    // MARK: - The samples

    /// Calls of each sample in addition to its examples.
    private static let calls: [(name: String, arguments: JSON)] = [
        ("get_time", [:]), ("get_time", ["zone": "Asia/Tokyo"]), ("get_load", [:]), ("get_memory", [:]),
        ("get_disks", [:]), ("list_processes", ["limit": 3]), ("list_files", [:]), ("list_files", ["path": "sub"]),
        ("read_file", ["path": "notes.txt"]), ("read_file", ["path": "../../etc/passwd"]),
        ("search_files", ["text": "plum"]), ("add", ["a": 1, "b": "x"]), ("get_temperature", ["city": "Oz"]),
    ]

    @Test("the samples return the same results in workers as in this process")
    func samples() throws {
        let directory = try FixtureDirectory()
        for name in ["Arithmetic", "Clock", "Files", "System", "Weather"] {
            try FileManager.default.copyItem(atPath: BuiltProducts.plugin(name), toPath: "\(directory.path)/\(name).so")
        }
        let root = try directory.directory("root")
        try directory.directory("root/sub")
        try directory.file("root/notes.txt", Array("apples\nplums\n".utf8))
        let configuration: JSON = ["plugins": ["files": ["root": .string(root)]]]
        try directory.file("config.json", configuration.bytes())

        let tools = try #require(try Command("list", "--json", "--in-process", plugins: directory).run().json.array)
        #expect(tools.count == 15)
        var calls = Self.calls
        for tool in tools {
            guard let name = tool["name"]?.string else { continue }
            for example in tool[pointer: "/schema/toolhost/examples"]?.array ?? [] {
                for step in example.array ?? [example] { calls.append((name, step["arguments"] ?? [:])) }
            }
        }
        let message: JSON = [
            "tool_calls": .array(calls.map { ["function": ["name": .string($0.name), "arguments": $0.arguments]] })
        ]
        func answers(_ option: String...) throws -> [JSON] {
            var command = Command("dispatch", "--config", directory.path + "/config.json", plugins: directory)
            command.input = message.text()
            command.arguments += ["--allow", "system:read=/proc", "--allow", "files:read=\(root)"] + option
            return try #require(try command.run().json.array)
        }
        let (isolated, inProcess) = (try answers(), try answers("--in-process"))
        #expect(isolated.count == calls.count && inProcess.count == calls.count)
        for (index, call) in calls.enumerated() where isolated[index] != inProcess[index] {
            let texts = [isolated[index], inProcess[index]].map { $0["content"]?.string ?? "" }
            // Results that change over time must have the same form.
            #expect(shape(texts[0]) == shape(texts[1]), "\(call.name) \(call.arguments)")
            let changing = ["get_time", "get_load", "get_memory", "get_disks", "list_processes"]
            #expect(changing.contains(call.name), "\(call.name): \(texts)")
        }
    }

    /// Returns a text without the parts that change over time: numbers, names of processes, days of the week.
    private func shape(_ text: String) -> JSON {
        guard let value = try? JSON(parsing: text) else {
            return .string(text.split(whereSeparator: \.isNumber).joined(separator: "#").filter { !$0.isLetter })
        }
        return shape(value)
    }

    private func shape(_ value: JSON) -> JSON {
        switch value {
        case .object(let members):
            var shapes = JSONObject()
            for (key, member) in members { shapes[key] = shape(member) }
            return .object(shapes)
        // Their number changes over time.
        case .array(let elements): return .array(Set(elements.map(shape)).sorted { $0.text() < $1.text() })
        default: return .string(value.typeName)
        }
    }

    // MARK: - The exit of the host

    /// The number of hosts that are killed; the variable `TOOLHOST_KILLS` replaces it.
    private static let kills = ProcessInfo.processInfo.environment["TOOLHOST_KILLS"].flatMap(Int.init) ?? 24

    @Test("no worker survives a host that is killed at any moment")
    func hostIsKilled() throws {
        let directory = try FixtureDirectory()
        let marks = try directory.directory("marks")
        let names = ["one", "two"]
        for name in names {
            let body = """
                close(open("\(marks)/\(name)", O_WRONLY | O_CREAT, 0600));
                for (;;) tool_progress(call, 0.5, "busy");
                return TOOL_DONE;
                """
            try directory.plugin(name + ".so", FixtureSource.tool(name, before: "#include <fcntl.h>", body: body))
        }
        let calls = (names + names).map { #"{"function":{"name":"\#($0)","arguments":{}}}"# }
        let input = try directory.file("input", Array(#"{"tool_calls":[\#(calls.joined(separator: ","))]}"#.utf8))
        var (moments, alive) = (SystemRandomNumberGenerator(), 0)
        for run in 0..<Self.kills {
            for name in names { unlink("\(marks)/\(name)") }
            var command = Command("dispatch", plugins: directory)
            for name in names { command.arguments += ["--allow", "\(name):write=\(marks)"] }
            let running = try command.start(in: directory) { actions in
                posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
                posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
                posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
            }
            // Every other host is killed while its tools run, and the others while they start. The loops poll, because
            // waiting for an event would always pick the same moment.
            let isLoaded = run % 2 == 0
            if isLoaded {
                while !names.allSatisfy({ access("\(marks)/\($0)", F_OK) == 0 }) { usleep(500) }
            } else {
                while WorkerProcesses.of(running.process).isEmpty { usleep(500) }
            }
            // The sleep picks the moment of the kill; it waits for nothing.
            usleep(UInt32.random(in: 0..<(isLoaded ? 20_000 : 60_000), using: &moments))
            let workers = WorkerProcesses.of(running.process)
            running.send(SIGKILL)
            #expect(running.wait() == -SIGKILL)
            if !workers.isEmpty { alive += 1 }
            if isLoaded { #expect(workers.count == 2) }
            // The kernel kills them after their parent has exited, and reports that to no other process.
            while !WorkerProcesses.of(running.process).isEmpty { usleep(1000) }
        }
        print("hosts killed: \(Self.kills), with workers alive: \(alive)")
        #expect(alive >= Self.kills / 2)
    }

    // MARK: - Programs that a plugin starts

    enum HostEnd: CaseIterable { case normal, deadline, killed }

    @Test("no program that a plugin started survives its host", arguments: HostEnd.allCases)
    func programsAreEnded(end: HostEnd) throws {
        let directory = try FixtureDirectory()
        // Distinguishes this program from all others.
        let time = String(UInt32.random(in: 100_000_000...999_999_999))
        let source = FixtureSource.tool(
            "start",
            extra: #","toolhost":{"timeout":\#(end == .killed ? 60 : 2)}"#,
            body: """
                pid_t child = vfork();
                if (child == 0) { execl("/bin/sleep", "sleep", "\(time)", (char *)NULL); _exit(1); }
                if (\(end == .normal ? 0 : 1)) for (;;) pause();
                tool_print(call, "%d", child);
                return tool_finish(call, TOOL_OK);
                """
        )
        try directory.plugin("start.so", source)
        let command = Command("call", "start", "{}", "--allow", "start:spawn=/bin/sleep", plugins: directory)
        func sleepers() -> [[String]] { Processes.all().map(\.words).filter { $0.last == time && $0.count == 2 } }
        switch end {
        case .normal:
            let result = try command.run()
            #expect(result.status == 0 && (pid_t(result.output.dropLast()) ?? 0) > 0, "\(result.errors)")
        case .deadline:
            #expect(try command.run().status == 5)
        case .killed:
            let running = try command.start(in: directory) { _ in }
            // The tool does not return, so only the list of processes shows that the program runs.
            while sleepers().isEmpty { usleep(1000) }
            running.send(SIGKILL)
            #expect(running.wait() == -SIGKILL)
        }
        // The exit of the program is reported only to its parent.
        while !sleepers().isEmpty { usleep(1000) }
    }
}

/// The processes of this machine.
enum Processes {
    /// The processes that have a command line, which zombies do not.
    static func all() -> [(process: pid_t, words: [String])] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.compactMap { process in
            guard let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else { return nil }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return words.isEmpty ? nil : (process, words)
        }
    }
}

/// The worker processes of this machine.
enum WorkerProcesses {
    /// Returns the workers of a host process, which may have exited: their command line has its number.
    static func of(_ host: pid_t) -> [pid_t] {
        Processes.all().filter { _, words in
            words.count == 2 && words[0].hasSuffix("/toolhost-worker") && words[1] == String(host)
        }.map(\.process)
    }
}
