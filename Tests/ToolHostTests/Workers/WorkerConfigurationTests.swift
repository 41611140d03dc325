import Glibc
import TestSupport
import Testing
import ToolRuntime

@testable import ToolHost

@Suite("The worker program")
struct WorkerConfigurationTests {
    /// A program or default paths that lead to no program.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var program: String?
        var defaults: [String] = []
        let words: String
    }

    @Test(
        "an unusable path of the worker program is an error with its reason and a remedy",
        arguments: [
            Case(testDescription: "the running executable has no path", words: "whose path cannot be read"),
            Case(testDescription: "a bare name", program: "toolhost-worker", words: "must be absolute"),
            Case(testDescription: "a relative path", program: "./toolhost-worker", words: "must be absolute"),
            Case(testDescription: "an empty path", program: "", words: "must be absolute"),
            Case(
                testDescription: "a missing program",
                program: "/nowhere/worker",
                words: "/nowhere/worker cannot be run. Cannot be opened: No such file"
            ),
            Case(
                testDescription: "no program at the default paths",
                defaults: ["/nowhere/a", "/nowhere/b"],
                words: "not found at /nowhere/a or /nowhere/b"
            ),
        ]
    )
    func unusable(_ test: Case) {
        let error = #expect(throws: WorkerError.self) {
            try WorkerConfiguration(program: test.program).checkedProgram(defaults: test.defaults)
        }
        #expect(error?.message.contains(test.words) == true && error?.remedy == .reinstall, "\(error?.message ?? "")")
    }

    @Test("the first default path with a program is used, unless a program is given")
    func usable() throws {
        let worker = BuiltProducts.executable("toolhost-worker")
        let defaults = ["/nowhere/toolhost-worker", worker]
        #expect(try WorkerConfiguration().checkedProgram(defaults: defaults).hasSuffix("/toolhost-worker"))
        #expect(try WorkerConfiguration(program: worker).checkedProgram(defaults: []).hasSuffix("/toolhost-worker"))
    }

    @Test("a program that other users can replace is not used")
    func foreign() throws {
        let directory = try FixtureDirectory()
        let program = try directory.file("worker", [], mode: 0o777)
        let error = #expect(throws: WorkerError.self) { try WorkerConfiguration(program: program).checkedProgram() }
        #expect(error?.message.contains("could replace the worker program") == true)
    }

    @Test("a call whose worker program has disappeared fails with the remedy to install it again")
    func disappears() async throws {
        let directory = try FixtureDirectory()
        let away = directory.path + "/away"
        try ChildProcess.copy([BuiltProducts.executable("toolhost-worker")], to: directory.path)
        try directory.plugin("healthy.so", FixtureSource.healthy)
        let fixture = try await HostFixture.make(directory) {
            $0.isolation = .workers(WorkerConfiguration(program: directory.path + "/toolhost-worker"))
        }
        try #require(rename(directory.path + "/toolhost-worker", away) == 0)
        let result = try #require(await fixture.call("echo"))
        #expect(result.status == .pluginFailed && result.remedy == .reinstall, "\(result.text)")
        try #require(rename(away, directory.path + "/toolhost-worker") == 0)
        let next = try #require(await fixture.call("echo"))
        #expect(next.status == .ok && next.remedy == nil, "\(next.text)")
    }

    @Test(
        "a loaded plugin cannot give itself an error code that only the host decides on",
        arguments: ["lockedOut", "quarantined", "notTrusted", "notConfined", "crashed", "missingLibrary", "unknown"]
    )
    func forgedCode(code: String) throws {
        let directory = try FixtureDirectory()
        let file = try PluginFile(checking: try directory.plugin("forger.so", "int nothing;"))
        let isHosts = ["lockedOut", "quarantined", "notTrusted", "notConfined"].contains(code)
        let genuine = WorkerConversation.refusal(code, "why", of: file, isLoaded: false)
        #expect(genuine.code == PluginError.Code(rawValue: code) ?? .notLoadable)
        let forged = WorkerConversation.refusal(code, "why", of: file, isLoaded: true)
        #expect(forged.code == (isHosts ? .refused : genuine.code))
        #expect(forged.remedy == nil && forged.message.hasSuffix("why"))
    }
}
