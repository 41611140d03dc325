import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("toolhost doctor", .timeLimit(.minutes(10)))
struct DoctorTests {
    @Test("doctor reports the reason for each broken file", arguments: BrokenFile.all)
    func brokenFile(_ file: BrokenFile) throws {
        let shared = try BrokenFile.shared.get()
        let report = try #require(shared.reports[file.name + ".so"])
        #expect(report["state"] == "broken")
        let reason = report["reason"]?.string ?? ""
        for words in file.words { #expect(reason.contains(words), "\(reason)") }
    }

    @Test("doctor exits with 4 if a file is broken, and the other plugins work")
    func goodPlugin() throws {
        let shared = try BrokenFile.shared.get()
        #expect(shared.status == 4)
        #expect(shared.reports["healthy.so"]?["state"] == "loaded")
        #expect(shared.reports["healthy.so"]?["tools"] == ["echo", "repeat"])

        let report = try Command("doctor", plugins: shared.directory).run()
        #expect(report.output.contains("  2 tools in all: about "), "\(report.output)")

        let listed = try Command("list", plugins: shared.directory).run()
        #expect(listed.status == 0)
        #expect(listed.output == "echo    Give the arguments back\nrepeat  Repeat a text\n")
        // The other lines are log messages of the plugins.
        let warnings = listed.errors.split(separator: "\n").filter {
            $0.hasPrefix("warning: \(shared.directory.path)/")
        }
        #expect(warnings.count == BrokenFile.all.count)
        #expect(warnings.allSatisfy { $0.hasSuffix("(see toolhost doctor)") })

        let called = try Command("call", "repeat", #"{"text":"ab","times":2}"#, plugins: shared.directory).run()
        #expect(called.status == 0)
        #expect(called.output == "abab\n")

        let shown = try Command("doctor", plugins: shared.directory).run()
        #expect(shown.status == 4)
        for file in BrokenFile.all {
            #expect(shown.output.contains("BROKEN  \(shared.directory.path)/\(file.name).so\n"))
        }
    }

    @Test("doctor exits with 0 if nothing is broken, also without an Ollama server")
    func healthy() throws {
        let report = try Command("doctor", "--json", plugins: Fixture.plugins).run()
        #expect(report.status == 0)
        let json = try report.json
        #expect(json[pointer: "/ollama/reachable"] == false)
        #expect(json[pointer: "/ollama/message"]?.string?.contains("ollama serve") == true)
        #expect(json["plugins"]?.array?.count == 3)
        #expect(json[pointer: "/search_path/0/exists"] == true)
        #expect(json[pointer: "/configuration/exists"] == false)
        let shown = try Command("doctor", plugins: Fixture.plugins).run()
        #expect(shown.status == 0)
        for words in [
            "Search path", "Plugins", "ok  weather", "Configuration", "does not exist, which is fine", "Ollama",
        ] {
            #expect(shown.output.contains(words), "\(shown.output)")
        }
    }

    @Test("doctor reports a missing directory, and both files of a name conflict")
    func places() throws {
        let directory = try FixtureDirectory()
        try directory.plugin("one.so", FixtureSource.healthy)
        try FileManager.default.copyItem(atPath: directory.path + "/one.so", toPath: directory.path + "/two.so")
        let report = try Command("doctor", "--json", "--plugins", directory.path + "/nowhere", plugins: directory).run()
        #expect(report.status == 4)
        let plugins = try report.json["plugins"]?.array ?? []
        #expect(plugins.map { $0["state"] } == ["broken", "contested", "contested"])
        #expect(plugins.first?["file"]?.string == directory.path + "/nowhere")
        #expect(plugins[1]["reason"]?.string?.contains("two.so") == true, "\(plugins)")
        #expect(plugins[2]["reason"]?.string?.contains("one.so") == true, "\(plugins)")
    }

    @Test(
        "doctor continues without an invalid configuration, which every other verb refuses",
        arguments: ["doctor", "list"]
    )
    func configuration(verb: String) throws {
        let status: Int32 = verb == "doctor" ? 4 : 64
        let directory = try FixtureDirectory()
        for (text, words) in [
            ("{", "not valid JSON"), (#"{"limit":{}}"#, #"unknown key "limit""#),
            (#"{"limits":{"timeout":-1}}"#, #""timeout" must be"#),
            (#"{"limits":{"speed":1}}"#, #""speed" is unknown"#),
        ] {
            let file = try directory.file("config.json", text.utf8)
            let result = try Command(verb, "--config", file, plugins: directory).run()
            #expect(result.status == status)
            #expect((result.output + result.errors).contains(words), "\(result)")
        }
        #expect(try Command(verb, "--config", directory.path + "/gone", plugins: directory).run().status == status)
    }
}
