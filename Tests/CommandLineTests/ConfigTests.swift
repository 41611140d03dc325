import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The verb config", .timeLimit(.minutes(10)))
struct ConfigTests {
    /// A home directory with a configuration file.
    private struct Home {
        let directory: FixtureDirectory
        var path: String { directory.path + "/config/toolhost/config.json" }

        init(_ content: String? = nil) throws {
            directory = try FixtureDirectory()
            try directory.directory("config/toolhost")
            if let content { try directory.file("config/toolhost/config.json", content.utf8) }
        }

        func run(_ arguments: String...) throws -> Command.Result {
            var command = Command("config")
            command.arguments += arguments
            command.environment["XDG_CONFIG_HOME"] = directory.path + "/config"
            return try command.run()
        }

        func content() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
    }

    /// A key, the value on the command line, the value in the file, and what `get` prints.
    private static let settings: [(key: String, value: String, pointer: String, json: JSON, shown: String)] = [
        ("model", "qwen3", "/model", "qwen3", "qwen3"), ("api", "openai", "/api", "openai", "openai"),
        ("system", "Be brief.\nBe kind.", "/system", "Be brief.\nBe kind.", "Be brief.\nBe kind."),
        ("think", "high", "/think", "high", "high"), ("think", "false", "/think", false, "false"),
        ("keep_alive", "1h30m", "/keep_alive", "1h30m", "1h30m"), ("keep_alive", "-1", "/keep_alive", -1, "-1"),
        ("options.temperature", "0.2", "/options/temperature", 0.2, "0.2"),
        ("options.stop", "END", "/options/stop", "END", "END"),
        ("samples", "off", "/samples", false, "false"), ("history", "off", "/history", false, "false"),
        ("tools.delete_*", "false", "/tools/delete_*", false, "false"),
        ("limits.timeout", "2.50", "/limits/timeout", 2.5, "2.50"), ("limits.rounds", "8", "/limits/rounds", 8, "8"),
        ("plugins.files.root", "/srv/notes", "/plugins/files/root", "/srv/notes", "/srv/notes"),
        ("/plugins/my.notes/a~1b", "x", "/plugins/my.notes/a~1b", "x", "x"),
        ("system", "--help me", "/system", "--help me", "--help me"),
    ]

    @Test("a setting is written, read and removed", arguments: settings)
    func setting(key: String, value: String, pointer: String, json: JSON, shown: String) throws {
        let home = try Home()
        let set = try home.run("set", key, value)
        #expect(set.status == 0 && set.output.isEmpty && set.errors.isEmpty, "\(set)")
        #expect(try JSON(parsing: home.content())[pointer: pointer] == json)
        let get = try home.run("get", key)
        #expect(get.status == 0 && get.output == shown + "\n", "\(get)")
        #expect(try home.run("get", key, "--json").json == json)
        let list = try home.run("list")
        #expect(
            list.output == "\(key) = \(try JSON(parsing: home.content())[pointer: pointer]?.text() ?? "")\n",
            "\(list)"
        )
        #expect(try home.run("unset", key).status == 0)
        #expect(try home.content() == "{}\n")
        let missing = try home.run("get", key)
        #expect(missing.status == 1 && missing.output.isEmpty && missing.errors.contains("is not set"), "\(missing)")
    }

    @Test(
        "a setting or a value that is not valid is an error, and the file stays as it is",
        arguments: [
            (["modle", "qwen3"], "Did you mean"), (["limits", "5"], "no setting"), (["limits.timout", "5"], "timeout"),
            (["limits.timeout", "soon"], "number of seconds"), (["limits.rounds", "0"], "rounds"),
            (["model", ""], "model"),
            (["think", "deep"], "high"), (["keep_alive", "later"], "5m"), (["samples", "maybe"], "true or false"),
            (["history", "maybe"], "true or false"), (["api", "anthropic"], "openai"),
            (["tools.get_*", "1"], "true or false"), (["plugins.files", "x"], "no setting"),
            (["plugins..root", "x"], "no setting"), (["tools.", "true"], "no setting"), (["", "x"], "no setting"),
            (["/", "x"], "no setting"), (["/model/x", "x"], "no setting"),
        ]
    )
    func invalid(arguments: [String], words: String) throws {
        let home = try Home(#"{"model": "a"}"#)
        let result = try home.run("set", arguments[0], arguments[1])
        #expect(result.status == 64 && result.errors.contains(words), "\(result)")
        #expect(try home.content() == #"{"model": "a"}"#)
    }

    @Test("the order, unknown members and exact numbers of the file are kept, and its mode becomes 0600")
    func kept() throws {
        let home = try Home(
            #"{"x-note": [1.0, null], "model": "a", "limits": {"timeout": 1e1, "new": 2}, "samples": true}"#
        )
        #expect(try home.run("set", "model", "b").status == 0)
        #expect(try home.run("set", "tools.x", "on").status == 0)
        #expect(
            try home.content() == """
                {
                  "x-note": [
                    1.0,
                    null
                  ],
                  "model": "b",
                  "limits": {
                    "timeout": 1e1,
                    "new": 2
                  },
                  "samples": true,
                  "tools": {
                    "x": true
                  }
                }

                """
        )
        var status = stat()
        #expect(stat(home.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(try home.run("unset", "x-note").status == 0)
        #expect(try home.run("list").output.hasPrefix("model = \"b\"\nlimits.timeout = 1e1\nlimits.new = 2\n"))
    }

    @Test("a symbolic link to the file is kept")
    func link() throws {
        let home = try Home()
        let target = try home.directory.file("target.json", "{}".utf8)
        symlink(target, home.path)
        #expect(try home.run("set", "model", "b").status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: home.path) == target)
        #expect(try home.run("get", "model").output == "b\n")
    }

    @Test("path names the file, and an absent file has no settings")
    func absent() throws {
        let home = try Home()
        #expect(try home.run("path").output == home.path + "\n")
        #expect(try home.run("path", "--json").json == ["path": .string(home.path), "exists": false])
        #expect(try home.run("list").output.isEmpty)
        #expect(try home.run("list", "--json").json == [:])
        let unset = try home.run("unset", "model")
        #expect(unset.status == 0 && unset.errors.contains("was not set"), "\(unset)")
        #expect(!FileManager.default.fileExists(atPath: home.path))
        let named = home.directory.path + "/mine.json"
        #expect(try home.run("set", "model", "b", "--config", named).status == 0)
        #expect(try home.run("path", "--config", named, "--json").json["exists"] == true)
    }

    @Test(
        "a file that cannot be used is an error, and is not replaced",
        arguments: [
            ("{", 0o600, 64, "not valid JSON"), ("[]", 0o600, 64, "JSON object"), ("{}", 0o666, 74, "chmod go-w"),
            (#"{"limits": 5}"#, 0o600, 64, "config unset limits"),
        ] as [(String, Int, Int32, String)]
    )
    func unusable(content: String, mode: Int, status: Int32, words: String) throws {
        let home = try Home()
        try home.directory.file("config/toolhost/config.json", content.utf8, mode: mode)
        let result = try home.run("set", "limits.rounds", "2")
        #expect(result.status == status && result.errors.contains(words), "\(result)")
        #expect(try home.content() == content)
    }

    @Test("a directory that cannot be written exits with 74")
    func unwritable() throws {
        let home = try Home()
        let result = try home.run("set", "model", "b", "--config", "/proc/none/config.json")
        #expect(result.status == 74 && result.errors.contains("/proc/none/config.json"), "\(result)")
    }

    @Test(
        "a missing or superfluous word is an error of usage",
        arguments: [
            [], ["get"], ["set", "model"], ["unset"], ["list", "model"], ["path", "x"], ["get", "model", "x"],
            ["set", "model", "b", "--json"], ["unset", "model", "--json"], ["put", "model", "b"],
        ]
    )
    func usage(arguments: [String]) throws {
        let home = try Home()
        var command = Command("config")
        command.arguments += arguments
        command.environment["XDG_CONFIG_HOME"] = home.directory.path + "/config"
        let result = try command.run()
        #expect(result.status == 64 && result.output.isEmpty && !result.errors.isEmpty, "\(result)")
        #expect(!FileManager.default.fileExists(atPath: home.path))
    }

    @Test("changes of several processes at once are all kept")
    func concurrent() async throws {
        let home = try Home()
        try await withThrowingTaskGroup(of: Int32.self) { group in
            for number in 0..<8 {
                group.addTask { try home.run("set", "tools.t\(number)", "off").status }
            }
            for try await status in group { #expect(status == 0) }
        }
        #expect(try JSON(parsing: home.content())["tools"]?.object?.count == 8)
    }
}
