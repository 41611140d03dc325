import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("Isolation", .timeLimit(.minutes(10)))
struct IsolationTests {
    // MARK: - The samples

    /// Calls of every sample beside those of its own examples.
    private static let calls: [(name: String, arguments: JSON)] = [
        ("get_time", [:]), ("get_time", ["zone": "Asia/Tokyo"]), ("get_load", [:]), ("get_memory", [:]),
        ("get_disks", [:]), ("list_processes", ["limit": 3]), ("list_files", [:]), ("list_files", ["path": "sub"]),
        ("read_file", ["path": "notes.txt"]), ("read_file", ["path": "../../etc/passwd"]),
        ("search_files", ["text": "plum"]), ("add", ["a": 1, "b": "x"]), ("get_temperature", ["city": "Oz"]),
    ]

    @Test("changes nothing in what the samples answer")
    func samples() throws {
        let folder = try FixtureFolder()
        for name in ["Arithmetic", "Clock", "Files", "System", "Weather"] {
            try FileManager.default.copyItem(atPath: BuiltProducts.plugin(name), toPath: "\(folder.path)/\(name).so")
        }
        let root = try folder.folder("root")
        try folder.folder("root/sub")
        try folder.file("root/notes.txt", Array("apples\nplums\n".utf8))
        let configuration: JSON = ["plugins": ["files": ["root": .string(root)]]]
        try folder.file("config.json", configuration.bytes())

        let tools = try #require(try Command("list", "--json", "--in-process", plugins: folder).run().json.array)
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
            var command = Command("dispatch", "--config", folder.path + "/config.json", plugins: folder)
            command.input = message.text()
            command.arguments += ["--allow", "system:read=/proc", "--allow", "files:read=\(root)"] + option
            return try #require(try command.run().json.array)
        }
        let (isolated, inProcess) = (try answers(), try answers("--in-process"))
        #expect(isolated.count == calls.count && inProcess.count == calls.count)
        for (index, call) in calls.enumerated() where isolated[index] != inProcess[index] {
            let texts = [isolated[index], inProcess[index]].map { $0["content"]?.string ?? "" }
            // What changes by itself has the same shape all the same.
            #expect(shape(texts[0]) == shape(texts[1]), "\(call.name) \(call.arguments)")
            let changing = ["get_time", "get_load", "get_memory", "get_disks", "list_processes"]
            #expect(changing.contains(call.name), "\(call.name): \(texts)")
        }
    }

    /// A text without what may change from one moment to the next: numbers, names of processes, days of the week.
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
        // As many as there are now.
        case .array(let elements): return .array(Set(elements.map(shape)).sorted { $0.text() < $1.text() })
        default: return .string(value.typeName)
        }
    }

    // MARK: - The end of the host

    @Test("leaves no process behind when the host is killed at any moment")
    func hostIsKilled() throws {
        let folder = try FixtureFolder()
        for name in ["one", "two"] {
            try folder.plugin(
                name + ".so",
                FixtureSource.tool(name, body: "for (;;) tool_progress(call, 0.5, \"busy\"); return TOOL_DONE;")
            )
        }
        let calls = ["one", "two", "one", "two"].map { #"{"function":{"name":"\#($0)","arguments":{}}}"# }
        let input = try folder.file("input", Array(#"{"tool_calls":[\#(calls.joined(separator: ","))]}"#.utf8))
        var moments = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let command = Command("dispatch", plugins: folder)
            let running = try command.start(in: folder) { actions in
                posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, input, O_RDONLY, 0)
                posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
                posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
            }
            // A moment is what this is about; nothing waits for anything here.
            usleep(UInt32.random(in: 0..<80_000, using: &moments))
            running.send(SIGKILL)
            #expect(running.wait() == -SIGKILL)
            // The kernel ends them with their parent; that takes it a moment.
            while !WorkerProcesses.of(running.process).isEmpty { usleep(1000) }
        }
    }
}

/// The worker processes of this machine.
enum WorkerProcesses {
    /// Those that a process started, whether or not it still lives: their command line tells.
    static func of(_ host: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { process in
            guard let line = try? Data(contentsOf: URL(filePath: "/proc/\(process)/cmdline")) else { return false }
            let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
            return words.count == 2 && words[0].hasSuffix("/toolhost-worker") && words[1] == String(host)
        }
    }
}
