import TestSupport
import Testing
import ToolJSON

/// The connections that the environment decides: a Unix socket, a proxy, and the libcurl of this machine.
@Suite("Connection to a server", .timeLimit(.minutes(10)))
struct TransportTests {
    private static let tags = ScriptedServer.Reply.json(#"{"models":[]}"#)

    private func models(_ environment: [String: String]) throws -> Command.Result {
        var command = Command("models")
        command.environment.merge(environment) { $1 }
        return try command.run()
    }

    @Test("OLLAMA_HOST can be a Unix socket")
    func unixSocket() throws {
        let directory = try FixtureDirectory()
        let server = try ScriptedServer([Self.tags], unixSocket: directory.path + "/ollama.sock")
        defer { server.stop() }
        let result = try models(["OLLAMA_HOST": "unix://\(directory.path)/ollama.sock"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(server.requests.map(\.path) == ["/api/tags"])
        let missing = try models(["OLLAMA_HOST": "unix://\(directory.path)/none.sock"])
        #expect(missing.status == 7)
        #expect(missing.errors.contains("unix://\(directory.path)/none.sock"), "\(missing.errors)")
    }

    @Test("requests use the proxy of the environment", arguments: ["http_proxy", "all_proxy", "ALL_PROXY"])
    func proxy(variable: String) throws {
        let proxy = try ScriptedServer([Self.tags])
        defer { proxy.stop() }
        let host = ["OLLAMA_HOST": "http://model.invalid:80", variable: "http://\(proxy.address)"]
        #expect(try models(host).status == 0)
        #expect(proxy.requests.map(\.path) == ["http://model.invalid/api/tags"])
        let direct = try models(host.merging(["no_proxy": "model.invalid"]) { $1 })
        #expect(direct.status == 7 && direct.errors.contains("model.invalid"), "\(direct.errors)")
        #expect(proxy.connections == 1)
    }

    @Test("requests to this machine never use a proxy")
    func loopback() throws {
        let proxy = try ScriptedServer([])
        let server = try ScriptedServer([Self.tags])
        defer {
            proxy.stop()
            server.stop()
        }
        let result = try models(["OLLAMA_HOST": server.address, "http_proxy": "http://\(proxy.address)"])
        #expect(result.status == 0, "\(result.errors)")
        #expect(proxy.connections == 0)
    }

    /// Compiles a stand-in for libcurl.
    private func library(
        version: String,
        number: String,
        functions: Bool = true,
        optionResult: Int = 0
    ) throws -> FixtureDirectory {
        let directory = try FixtureDirectory()
        let names = [
            "easy_cleanup", "easy_getinfo", "easy_init", "easy_pause", "easy_setopt", "easy_strerror", "global_init",
            "multi_add_handle", "multi_cleanup", "multi_info_read", "multi_init", "multi_perform", "multi_poll",
            "multi_remove_handle", "multi_setopt", "multi_wakeup", "slist_append", "slist_free_all",
        ]
        // A handle is any address, and everything else succeeds with 0.
        let results = [
            "easy_init": "&handle", "multi_init": "&handle", "slist_append": "&handle",
            "easy_setopt": "(void *)\(optionResult)L", "easy_strerror": "\"the words for an error\"",
        ]
        let bodies = names.map { "void *curl_\($0)(void) { return \(results[$0] ?? "0"); }" }
        let source = """
            static struct { int age; const char *version; unsigned number; const char *host; int features; } info =
                {0, "\(version)", \(number), "", 0};
            static long handle;
            void *curl_version_info(int age) { (void)age; return &info; }
            \(functions ? bodies.joined(separator: "\n") : "")
            """
        try directory.plugin("libcurl.so.4", source)
        return directory
    }

    @Test("an old or incomplete libcurl is refused, and the error names the package")
    func oldLibrary() throws {
        let cases = [
            (try library(version: "7.70.0", number: "0x074600"), "this machine has 7.70.0"),
            (try library(version: "8.1.0", number: "0x080100", functions: false), "8.1.0 without curl_"),
        ]
        for (directory, words) in cases {
            let result = try models(["LD_LIBRARY_PATH": directory.path])
            #expect(result.status == 7)
            #expect(result.errors.contains(words) && result.errors.contains("libcurl4"), "\(result.errors)")
            #expect(result.output.isEmpty)
        }
    }

    @Test("only https needs a libcurl with TLS")
    func libraryWithoutTLS() throws {
        let directory = try library(version: "8.1.0", number: "0x080100")
        let result = try models(["LD_LIBRARY_PATH": directory.path, "OLLAMA_HOST": "https://model.invalid"])
        #expect(result.status == 7)
        #expect(result.errors.contains("has no TLS") && result.errors.contains("libcurl4"), "\(result.errors)")
    }

    @Test("no request is sent if libcurl does not support an option of it")
    func unknownOption() throws {
        // The code is CURLE_UNKNOWN_OPTION.
        let directory = try library(version: "8.1.0", number: "0x080100", optionResult: 48)
        let result = try models(["LD_LIBRARY_PATH": directory.path, "OLLAMA_HOST": "unix:/run/none.sock"])
        #expect(result.status == 7)
        #expect(result.errors.contains("libcurl 8.1.0 cannot do what the request needs"), "\(result.errors)")
        #expect(result.errors.contains("the words for an error"))
    }

    @Test("libcurl is needed only for a request")
    func noRequest() throws {
        let directory = try FixtureDirectory()
        try directory.file("libcurl.so.4", "not a library".utf8)
        try directory.file("libcurl-gnutls.so.4", "not a library".utf8)
        var command = Command("list", "--no-default-plugins")
        command.environment["LD_LIBRARY_PATH"] = directory.path
        #expect(try command.run().status == 0)
        let result = try models(["LD_LIBRARY_PATH": directory.path])
        #expect(result.status == 7)
        #expect(result.errors.contains("install the package libcurl4"), "\(result.errors)")
    }
}
