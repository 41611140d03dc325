import Foundation
import TestSupport
import Testing
import ToolHost
import ToolJSON
import ToolRuntime

@Suite("The start of a worker process", .timeLimit(.minutes(10)))
struct WorkerStartTests {
    @Test(
        "a program that is not the worker program is reported with the remedy to install it again",
        arguments: [
            ("/nowhere/toolhost-worker", "No such file"), ("/etc/passwd", "Permission denied"),
            ("/bin/echo", "is not the worker program of this version"),
        ]
    )
    func wrongProgram(program: String, words: String) async throws {
        let fixture = try await WorkerFixture.make(["healthy": FixtureSource.healthy]) {
            $0.isolation = .workers(WorkerConfiguration(program: program))
        }
        guard case .broken(let error)? = fixture.host.plugins.first?.state else {
            Issue.record("the plugin is not broken")
            return
        }
        #expect(error.code == .notLoadable && error.remedy == .reinstall)
        #expect(error.message.contains(words) && error.message.contains(program), "\(error.message)")
        #expect(fixture.host.tools.isEmpty)
    }

    @Test("a file that has changed since its tools were listed is not run again", arguments: [false, true])
    func changedFile(isRewritten: Bool) async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()])
        #expect(try await fixture.act("segv").status == .pluginFailed)
        let file = fixture.directory.path + "/act.so"
        if isRewritten {
            // In place: the same file with other content.
            try fixture.directory.plugin("other.so", WorkerFixture.actor(extra: #","parameters":{}"#))
            let other = try Data(contentsOf: URL(filePath: fixture.directory.path + "/other.so"))
            let handle = try FileHandle(forWritingTo: URL(filePath: file))
            try handle.write(contentsOf: other)
            try handle.close()
        } else {
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: file)
        }
        let result = try await fixture.act()
        #expect(result.status == .pluginFailed)
        let words = isRewritten ? "has changed since its tools were listed" : "cannot be used any more"
        // The path and its reason are for people; a model would read the name of a file as an instruction.
        #expect(result.text.contains(words) && !result.text.contains("/"), "\(result.text)")
    }

    @Test("a process with outdated grants completes its calls, and a new process takes the next ones")
    func newGrants() async throws {
        let fixture = try await WorkerFixture.make(["act": WorkerFixture.actor()])
        let secret = try fixture.directory.file("secret", Array("secret".utf8))
        let read = ToolCall(name: "act", arguments: ["how": "read", "file": .string(secret)])
        let host = fixture.host
        #expect(await host.dispatch([read]).results.first?.status == .toolError)
        let go = JSON.string(fixture.directory.path + "/go")
        let busy = host.dispatch([ToolCall(name: "act", arguments: ["how": "wait", "file": go])])
        for await event in busy { if case .progress = event.kind { break } }
        var permissions = PluginPermissions()
        permissions.read = [secret]
        try #require(host.tool(named: "act")?.grants).grant(permissions, permanently: false)
        let next = host.dispatch([read])
        try fixture.directory.file("go", [])
        let (first, second) = (try #require(await busy.results.first), try #require(await next.results.first))
        #expect(first.status == .ok && second.status == .ok, "\(second.text)")
        #expect(first.text != second.text)
    }

    @Test("an unchanged file is listed from the cache without being loaded")
    func cachedRegistration() async throws {
        let directory = try FixtureDirectory()
        let configure: (inout HostConfiguration) -> Void = {
            guard case .workers(var workers) = Isolation.workers else { return }
            // The plugin counts in a file how often it is loaded.
            workers.sandbox = .off
            $0.isolation = .workers(workers)
            $0.cacheDirectory = directory.path + "/cache"
        }
        func names() async throws -> [String] {
            try await HostFixture.make(directory, configure: configure).host.tools.map(\.name)
        }
        func loads() -> Int { (try? Data(contentsOf: URL(filePath: directory.path + "/count")).count) ?? 0 }
        let source = try FixtureSource.file(
            "load_counter.c",
            defining: ["COUNTER_DIRECTORY": FixtureSource.literal(directory.path)]
        )
        try directory.plugin("counter.so", source)
        for _ in 0..<3 { #expect(try await names() == ["first"]) }
        #expect(loads() == 1)
        try directory.plugin("counter.so", source + "\nint changed;\n")
        #expect(try await names() == ["first"])
        #expect(loads() == 2)
        try directory.file("cache/plugins.cache", Array("{\"version\":".utf8))
        #expect(try await names() == ["first"])
        #expect(loads() == 3)
        // Only what was listed may run.
        try directory.file("name", Array("second".utf8))
        let result = try #require(await HostFixture.make(directory, configure: configure).call("first"))
        #expect(result.status == .pluginFailed && result.text.contains("differs"), "\(result.text)")
    }
}
