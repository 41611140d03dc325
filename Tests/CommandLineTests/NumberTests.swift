import TestSupport
import Testing
import ToolJSON

@Suite("A number from a flag, a file or a server", .timeLimit(.minutes(10)))
struct NumberTests {
    private static let limits = [
        "calls", "concurrency", "concurrency_per_plugin", "result_bytes", "result_bytes_per_message", "processes",
        "argument_bytes", "schema_bytes", "manifest_bytes", "timeout", "grace", "registration", "scan", "rounds",
        "result_characters",
    ]

    @Test("an invalid limit in the configuration exits with 64, and the error has the valid range", arguments: limits)
    func limit(key: String) throws {
        let directory = try FixtureDirectory()
        var refusals = 0
        for number in ExtremeNumber.all {
            let file = try directory.file("config.json", #"{"limits":{"\#(key)":\#(number)}}"#.utf8)
            // No server responds, so the command exits with 7 if the configuration is valid.
            let result = try Command("chat", "-m", "x", "--config", file, "Hi", plugins: directory).run()
            #expect([7, 64].contains(result.status), "\(key) \(number): \(result.status) \(result.errors)")
            guard result.status == 64 else { continue }
            refusals += 1
            #expect(result.errors.contains("\"\(key)\" must be a "), "\(result.errors)")
            #expect(result.errors.contains(#/ from (1|2|0\.001) to \d+\./#), "\(result.errors)")
        }
        #expect(refusals >= ExtremeNumber.all.count - 2)
    }

    private static let flags: [(arguments: [String], words: String)] = [
        (["chat", "-m", "x", "Hi", "--num-ctx="], "from 1 to 2147483647"),
        (["chat", "-m", "x", "Hi", "--rounds="], "from 1 to 1000000"),
        (["chat", "-m", "x", "Hi", "--timeout="], "from 0.001 to 1000000"),
        (["chat", "-m", "x", "Hi", "--keep-alive="], "seconds"),
        (["chat", "-m", "x", "Hi", "--option", "num_ctx="], ""),
        (["chat", "-m", "x", "Hi", "--allow", "memory="], "from 67108864 to 1099511627776"),
        (["chat", "-m", "x", "Hi", "--allow", "network="], "from 1 to 65535"),
    ]

    @Test("an invalid number in an option exits with 64, and the error has the valid range", arguments: flags)
    func flag(arguments: [String], words: String) throws {
        for text in ExtremeNumber.all.map(\.text) + ["nan", "inf", "-inf", "0x10", "1_000", "٣"] {
            var command = Command()
            command.arguments = arguments.dropLast() + [(arguments.last ?? "") + text, "--no-default-plugins"]
            let result = try command.run()
            #expect([7, 64].contains(result.status), "\(arguments) \(text): \(result.status) \(result.errors)")
            if result.status == 64 { #expect(result.errors.contains(words), "\(text): \(result.errors)") }
        }
    }

    @Test(
        "an invalid port of the rehearsal exits with 64, and the error has the valid range",
        arguments: ExtremeNumber.all
    )
    func port(number: ExtremeNumber) throws {
        guard number.integer != 0 else { return }
        var command = Command("--port", number.text)
        command.program = BuiltProducts.executable("toolhost-rehearsal")
        let result = try command.run()
        #expect(result.status == 64 && result.errors.contains("from 0 to 65535"), "\(result.errors)")
    }

    @Test("an invalid port in OLLAMA_HOST is ignored", arguments: ExtremeNumber.all)
    func host(number: ExtremeNumber) throws {
        var command = Command("chat", "-m", "x", "Hi", "--no-default-plugins")
        command.environment["OLLAMA_HOST"] = "127.0.0.1:\(number)"
        #expect(try command.run().status == 7)
    }

    @Test("an impossible number that a server reports for a model is unknown", arguments: ExtremeNumber.all)
    func models(number: ExtremeNumber) throws {
        let tags = #"{"models":[{"name":"x","size":\#(number),"details":{"context_length":\#(number)}}]}"#
        let show = #"{"capabilities":["tools"],"model_info":{"x.context_length":\#(number)}}"#
        let server = try ScriptedServer([.json(tags), .json(show), .json(tags), .json(show)], details: nil)
        var command = Command("models", "--json")
        command.environment["OLLAMA_HOST"] = server.address
        let models = try command.run()
        #expect(models.status == 0, "\(models.errors)")
        let length = number.integer(in: 1...2_147_483_647).map { JSON.int($0) } ?? .null
        #expect(try models.json[pointer: "/0/context_length"] == length)
        command.arguments = ["models"]
        #expect(try command.run().status == 0)
    }

    @Test("a chat continues if a server reports impossible token counts", arguments: ExtremeNumber.all)
    func chat(number: ExtremeNumber) throws {
        let running = #"{"models":[{"name":"x","context_length":\#(number)}]}"#
        let done =
            #"{"message":{"content":"Hello"},"done":true,"prompt_eval_count":\#(number),"eval_count":\#(number)}"#
        let server = try ScriptedServer([.json(done), .json(running), .lines(done)])
        var command = Command("chat", "-m", "x", "Hi", "--no-default-plugins")
        command.environment["OLLAMA_HOST"] = server.address
        let result = try command.run()
        #expect(result.status == 0 && result.output == "Hello\n", "\(result.status) \(result.errors)")
    }
}
