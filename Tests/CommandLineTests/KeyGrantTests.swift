import Foundation
import TestSupport
import Testing
import ToolJSON

/// Permissions for `${KEY}`, the path that a user configures for a plugin.
@Suite("Permissions for configured paths", .timeLimit(.minutes(10)))
struct KeyGrantTests {
    private let fixture: AccessFixture

    init() throws { fixture = try AccessFixture() }

    private func compile(_ permissions: String) throws {
        try fixture.compile(permissions: permissions + #","config":["directory","other"]"#)
    }

    private func configure(_ values: [String: String]) throws {
        let members = JSONObject(values.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
        let text = JSON.object(["plugins": ["touch": .object(members)]]).text()
        try fixture.directory.directory("home/.config/toolhost")
        try fixture.directory.file("home/.config/toolhost/config.json", text.utf8)
    }

    @discardableResult
    private func trust() throws -> String {
        let result = try fixture.command("trust", fixture.plugin, "--yes").run()
        #expect(result.status == 0, "\(result.errors)")
        return result.errors
    }

    private var lockFile: String { fixture.configuration + "/plugins.lock.json" }

    private func record() throws -> JSON? {
        let lock = try JSON(parsing: String(contentsOfFile: lockFile, encoding: .utf8))
        return lock["plugins"]?.object?.first?.value
    }

    /// A permission, a call that needs it, and two paths that give it.
    struct Kind: Sendable, CustomTestStringConvertible {
        let permission, act, request, granted: String
        var testDescription: String { permission }
    }

    private static let kinds = [
        Kind(permission: "read", act: "read", request: "read the path", granted: "read"),
        Kind(permission: "write", act: "write", request: "write to the path", granted: "change"),
        Kind(permission: "spawn", act: "exec", request: "run the program", granted: "run"),
    ]

    @Test("a permission is shown with its key, and requested again when its value is set or changes", arguments: kinds)
    func followsTheKey(kind: Kind) throws {
        defer { fixture.close() }
        try compile(#"{"\#(kind.permission)":["${directory}"]}"#)
        let isProgram = kind.act == "exec"
        let (value, wider) = isProgram ? ("/usr/bin/true", "/usr/bin/env") : (fixture.data, "/")
        let call = #"{"how":"\#(kind.act)","path":"\#(isProgram ? value : value + "/file")"}"#
        func run() throws -> Command.Result { try fixture.command("call", "touch", call).run() }

        let unset = try trust()
        #expect(unset.contains(#"asks to \#(kind.request) configured as "directory" (not configured yet)"#), "\(unset)")
        #expect(!unset.contains("asks for no permissions"), "\(unset)")
        #expect(try record()?["values"] == nil)
        #expect(try record()?["permissions"]?[kind.permission] == ["${directory}"])
        #expect(try run().output != "ok\n")
        let doctor = try fixture.command("doctor").run()
        #expect(doctor.status == 0 && doctor.output.contains(#"configured as "directory" (not configured yet)"#))

        func isAskedFor(_ path: String) throws {
            let refused = try run()
            #expect(refused.status == 6, "\(refused)")
            #expect(refused.errors.contains(#"Its configured values ("directory") have changed since it was trusted"#))
            let report = try fixture.command("doctor", "--json").run().json
            let plugin = report["plugins"]?.array?.first
            #expect(plugin?["state"] == "ungranted" && plugin?["trusted"] == true, "\(report.text())")
            #expect(plugin?["changed_keys"] == ["directory"])
            #expect(plugin?["missing"]?[kind.permission] == [.string(path)], "\(report.text())")
            #expect(try fixture.command("list", "--json").run().output == "[]\n")
            let list = try fixture.command("trust", "--list").run()
            #expect(list.output.contains("asks again for the changed configuration of: directory"), "\(list)")
        }
        try configure(["directory": value])
        try isAskedFor(value)
        let configured = try trust()
        #expect(
            configured.contains(#"asks to \#(kind.granted) \#(value) (configured as "directory")"#),
            "\(configured)"
        )
        #expect(try record()?["values"] == ["directory": .string(value)])
        #expect(try run().output == "ok\n")
        let listed = try fixture.command("trust", "--list").run().output
        #expect(listed.contains(#"may \#(kind.granted) \#(value) (configured as "directory")"#), "\(listed)")

        try configure(["directory": wider])
        try isAskedFor(wider)
        try configure([:])
        #expect(try run().output != "ok\n")
        try configure(["directory": value])
        #expect(try run().output == "ok\n")
    }

    @Test("a grant covers the recorded path, and not the later target of a link")
    func followsNoLink() throws {
        defer { fixture.close() }
        try compile(#"{"read":["${directory}"]}"#)
        let link = fixture.directory.path + "/link"
        symlink(fixture.data, link)
        try configure(["directory": link])
        try trust()
        let call = try fixture.command("call", "touch", #"{"how":"read","path":"\#(fixture.data)/file"}"#)
        #expect(try call.run().output == "ok\n")
        unlink(link)
        symlink(fixture.directory.path, link)
        #expect(try call.run().status == 6)
    }

    @Test("a key without a value is requested separately once it has one")
    func severalKeys() throws {
        defer { fixture.close() }
        try compile(#"{"read":["${directory}"],"write":["${other}","${directory}"],"network":[443]}"#)
        try configure(["directory": fixture.data])
        let errors = try trust()
        #expect(errors.contains(#"asks to write to the path configured as "other" (not configured yet)"#))
        #expect(errors.contains(#"asks to change \#(fixture.data) (configured as "directory")"#), "\(errors)")
        let read = try fixture.command("call", "touch", #"{"how":"read","path":"\#(fixture.data)/file"}"#)
        #expect(try read.run().output == "ok\n")
        let tool = try fixture.command("list", "--json").run().json.array?.first
        #expect(tool?["unresolved"]?["write"] == ["${other}"] && tool?["trusted"] == true, "\(tool?.text() ?? "")")
        try configure(["directory": fixture.data, "other": "/"])
        #expect(try read.run().status == 6)
    }

    @Test("the answer always records the path that the question showed")
    func question() throws {
        defer { fixture.close() }
        try compile(#"{"read":["${directory}"]}"#)
        try trust()
        try configure(["directory": fixture.data])
        let read = #"{"how":"read","path":"\#(fixture.data)/file"}"#
        try fixture.directory.file("calls.json", AccessFixture.calls(read).utf8)
        let session = try PseudoTerminal.run(
            fixture.command("dispatch", fixture.directory.path + "/calls.json"),
            (after: "[e]xplain: ", type: "a\n")
        )
        #expect(session.text.contains("read \(fixture.data)"), "\(session.text)")
        #expect(try record()?["values"] == ["directory": .string(fixture.data)])
        #expect(try fixture.command("call", "touch", read).run().output == "ok\n")
    }

    @Test("a key whose path is not in the lock file is requested again")
    func oldLockFile() throws {
        defer { fixture.close() }
        try compile(#"{"read":["${directory}"]}"#)
        try configure(["directory": fixture.data])
        try trust()
        var lock = try #require(JSON(parsing: String(contentsOfFile: lockFile, encoding: .utf8)).object)
        var plugins = try #require(lock["plugins"]?.object)
        for (hash, value) in plugins {
            var members = value.object ?? [:]
            members["values"] = nil
            plugins[hash] = .object(members)
        }
        lock["plugins"] = .object(plugins)
        try fixture.directory.file("home/.config/toolhost/plugins.lock.json", JSON.object(lock).text().utf8)
        let call = try fixture.command("call", "touch", #"{"how":"read","path":"\#(fixture.data)/file"}"#).run()
        #expect(call.status == 6 && call.errors.contains("toolhost trust"), "\(call)")
    }

    @Test(
        "a lock file with damaged paths is an error",
        arguments: [
            "[]", #"{"directory":"data"}"#, #"{"directory":1}"#, #"{"two words":"/x"}"#, #"{"directory":"/\u0000"}"#,
        ]
    )
    func damagedLockFile(values: String) throws {
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        let record = #"{"file":"/x","name":"touch","schemas":"","date":1,"values":\#(values)}"#
        try fixture.directory.file(
            "home/.config/toolhost/plugins.lock.json",
            #"{"version":1,"plugins":{"0":\#(record)}}"#.utf8
        )
        let list = try fixture.command("list").run()
        #expect(list.status == 64 && list.errors.contains("is damaged at touch: \"values\" must"), "\(list)")
    }

    @Test(
        "a path that is only partly a key is rejected",
        arguments: ["${directory}/x", "${directory}/${other}", "${}", "${two words}", "x${directory}"]
    )
    func wholeKey(path: String) throws {
        defer { fixture.close() }
        try compile(#"{"write":["\#(path)"]}"#)
        let doctor = try fixture.command("doctor").run()
        #expect(doctor.status == 4 && doctor.output.contains("takes absolute paths and ${KEY}"), "\(doctor)")
    }

    @Test("a value that is not an absolute path grants nothing", arguments: ["data", "", "~/data", "/a\u{202E}b"])
    func unusableValue(value: String) throws {
        defer { fixture.close() }
        try compile(#"{"write":["${directory}"]}"#)
        try configure(["directory": value])
        let doctor = try fixture.command("doctor").run()
        #expect(doctor.status == 4, "\(doctor)")
        #expect(doctor.output.contains(#"The value of its configuration key "directory" is not an absolute path"#))
        let errors = try trust()
        #expect(errors.contains(#"configured as "directory" (not configured yet)"#), "\(errors)")
        #expect(try record()?["values"] == nil)
    }
}
