import Foundation
import TestSupport
import Testing
import ToolJSON

/// Anybody may give a plugin any name: what is the user's under that name goes to whom the user meant.
@Suite("A plugin's name", .timeLimit(.minutes(10)))
struct ClaimTests {
    private let folder: FixtureFolder
    private var genuine: String { folder.path + "/own/files.so" }
    private var impostor: String { folder.path + "/dropped/files.so" }

    /// Two plugins of the name `files`, each with a tool `tell` that says which it is and what it was given.
    init() throws {
        folder = try FixtureFolder()
        for (place, name) in [("own", "genuine"), ("dropped", "impostor")] {
            try folder.folder(place)
            let source = FixtureSource.tool(
                "tell",
                extra: #","title":"\#(name)""#,
                manifest: #"{"name":"files","config":["key","other"]}"#,
                body: """
                    tool_text_v1 value;
                    tool_write_text(call, tool_text("\(name)"));
                    if (call->host->config(call->host, tool_text("key"), &value) == TOOL_RESULT_OK)
                        tool_print(call, " has %s", value.bytes);
                    return tool_finish(call, TOOL_OK);
                    """
            )
            try folder.plugin(place + "/files.so", source)
        }
        try folder.file("config.json", #"{"plugins":{"files":{"key":"hunter2"}}}"#.utf8)
    }

    /// A run that finds plugins in folders that nobody named for it.
    private func command(_ words: String..., places: [String] = ["dropped", "own"]) -> Command {
        var command = Command("")
        command.arguments = words + ["--no-default-plugins", "--config", folder.path + "/config.json"]
        command.environment["HOME"] = folder.path
        command.environment["TOOLHOST_PLUGIN_PATH"] = places.map { folder.path + "/" + $0 }.joined(separator: ":")
        return command
    }

    private func trust(_ file: String) throws {
        var command = Command("trust", file, "--yes")
        command.environment["HOME"] = folder.path
        let result = try command.run()
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test("goes to the one that is trusted, unless another file is named itself")
    func trusted() throws {
        #expect(try command("call", "tell").run().status == 3)
        try trust(genuine)
        #expect(try command("call", "tell").run().output == "genuine has hunter2\n")
        let doctor = try command("doctor").run()
        #expect(doctor.status == 0, "\(doctor.output)")
        #expect(doctor.output.contains("(\(impostor)) by \(genuine)"), "\(doctor.output)")
        let named = try command("call", "tell", "--plugins", folder.path + "/dropped").run()
        #expect(named.output == "genuine has hunter2\n")
        #expect(named.errors.contains("name the file itself: --plugins \(impostor)"), "\(named.errors)")
        #expect(try command("call", "tell", "--plugins", impostor).run().output == "impostor has hunter2\n")
        #expect(try command("call", "tell", "--plugins", impostor, places: ["own"]).run().output.hasPrefix("impostor"))
        // Found in its folder first, it is named itself all the same.
        let twice = try command("call", "tell", "--plugins", folder.path + "/dropped", "--plugins", impostor).run()
        #expect(twice.output == "impostor has hunter2\n", "\(twice.errors)")
        // Both trusted, neither is better.
        try trust(impostor)
        #expect(try command("call", "tell").run().status == 3)
        let folderNamed = try command("call", "tell", "--plugins", folder.path + "/own").run()
        #expect(folderNamed.output == "genuine has hunter2\n", "\(folderNamed.errors)")
    }

    @Test("is shown with what is configured under it before it is trusted")
    func shown() throws {
        var command = Command("trust", genuine, "--config", folder.path + "/config.json", "--yes")
        command.environment["HOME"] = folder.path
        let result = try command.run()
        #expect(result.errors.contains("is given what is configured for it: key\n"), "\(result.errors)")
        #expect(!result.errors.contains("hunter2") && !result.errors.contains("other"), "\(result.errors)")
        command.arguments += ["--json"]
        #expect(try command.run().json["configured"] == ["key"])
    }

    @Test("opens what is configured under it to trusted plugins, and to named ones")
    func configured() throws {
        let untrusted = try command("call", "tell", places: ["dropped"]).run()
        #expect(untrusted.output == "impostor\n")
        let words = "What is configured for it (key) is withheld from it, because it is not trusted."
        #expect(untrusted.errors.contains(words), "\(untrusted.errors)")
        #expect(try command("list", places: ["dropped"]).run().errors.contains("toolhost trust \(impostor)"))
        let doctor = try command("doctor", "--json", places: ["dropped"]).run()
        #expect(doctor.status == 4)
        #expect(try doctor.json[pointer: "/plugins/0/withheld/0"] == "key", "\(doctor.output)")
        for grant in [
            ["--plugins", impostor], ["--plugins", folder.path + "/dropped"], ["--allow", "files:env=LANG"],
        ] {
            var named = command("call", "tell", places: ["dropped"])
            named.arguments += grant
            let result = try named.run()
            #expect(result.output == "impostor has hunter2\n", "\(grant): \(result.errors)")
        }
        let others = try command("call", "tell", "--allow", "env=LANG", places: ["dropped"]).run()
        #expect(others.output == "impostor\n")
        try trust(impostor)
        let trusted = try command("call", "tell", places: ["dropped"]).run()
        #expect(trusted.output == "impostor has hunter2\n" && trusted.errors.isEmpty, "\(trusted.errors)")
    }

    @Test("opens what is configured under it once the user has said yes to what the plugin asks for")
    func answered() throws {
        let source = FixtureSource.tool(
            "tell",
            manifest: #"{"name":"files","config":["key"],"permissions":{"env":["LANG"]}}"#,
            body: """
                tool_text_v1 value;
                int found = call->host->config(call->host, tool_text("key"), &value);
                return tool_reply(call, found == TOOL_RESULT_OK ? value : tool_text("nothing"));
                """
        )
        try folder.plugin("dropped/files.so", source)
        try folder.file("calls.json", #"{"tool_calls":[{"function":{"name":"tell","arguments":{}}}]}"#.utf8)
        let dispatch = command("dispatch", folder.path + "/calls.json", places: ["dropped"])
        #expect(try dispatch.run().output.contains("Tool tell not found"))
        let session = try PseudoTerminal.run(dispatch, (after: "[n]o: ", type: "y\n"))
        #expect(session.text.contains("With that it is given what is configured for it: key."), "\(session.text)")
        #expect(session.text.contains("hunter2"), "\(session.text)")
    }
}
