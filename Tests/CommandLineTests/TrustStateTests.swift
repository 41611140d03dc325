import Foundation
import TestSupport
import Testing
import ToolJSON

/// An installation with a lock file, and a home directory with another one.
@Suite("List of trusted plugins", .timeLimit(.minutes(10)))
struct TrustStateTests {
    private let directory: FixtureDirectory

    /// The paths of the plugins of the installation, of the user, and of those that are only trusted.
    private static let (installed, own) = ("lib/toolhost/plugins", "home/.local/share/toolhost/plugins")

    init() throws {
        directory = try FixtureDirectory()
        for name in ["bin", "libexec/toolhost", "share/toolhost", Self.installed, Self.own, "apart"] {
            try directory.directory(name)
        }
        try ChildProcess.copy([BuiltProducts.executable("toolhost")], to: directory.path + "/bin")
        try ChildProcess.copy([BuiltProducts.executable("toolhost-worker")], to: directory.path + "/libexec/toolhost")
    }

    /// States in which a plugin can be, with its state in `trust --list`, and in `list` if it is offered.
    enum State: String, CaseIterable, CustomTestStringConvertible {
        case trusted, changed, missing, untrusted, shipped, shippedAndChanged, broken, binding, moved, copied
        case trustedTwice, linked
        var testDescription: String { rawValue }

        /// The states in `trust --list`.
        var inTrustList: [String] {
            switch self {
            case .untrusted: []
            case .trusted, .shipped, .binding, .moved, .linked: ["trusted"]
            case .copied, .trustedTwice: ["trusted", "trusted"]
            case .changed, .shippedAndChanged: ["changed"]
            case .missing: ["missing"]
            case .broken: ["broken"]
            }
        }
    }

    private func run(_ words: String...) throws -> Command.Result {
        var command = Command("")
        command.arguments = words
        command.program = directory.path + "/bin/toolhost"
        command.environment["HOME"] = directory.path + "/home"
        return try command.run()
    }

    private func trust(_ file: String, _ more: String...) throws {
        var command = Command("")
        command.arguments = ["trust", directory.path + "/" + file, "--yes"] + more
        command.program = directory.path + "/bin/toolhost"
        command.environment["HOME"] = directory.path + "/home"
        let result = try command.run()
        #expect(result.status == 0, "\(result.errors)")
    }

    private func ship(_ file: String) throws {
        let lock = directory.path + "/share/toolhost/plugins.lock.json"
        try trust(file, "--lock", lock)
    }

    private func compile(_ file: String, title: String = "first") throws {
        let source = FixtureSource.tool(
            "one",
            extra: #","title":"\#(title)""#,
            manifest: #"{"name":"one"}"#,
            body: #"return tool_reply(call, tool_text("ok"));"#
        )
        try directory.plugin(file, source)
    }

    private func make(_ state: State) throws {
        let (own, installed) = (Self.own + "/one.so", Self.installed + "/one.so")
        switch state {
        case .trusted:
            try compile(own)
            try trust(own)
        case .changed:
            try compile(own)
            try trust(own)
            try compile(own, title: "second")
        case .missing:
            try compile(own)
            try trust(own)
            unlink(directory.path + "/" + own)
        case .untrusted: try compile(own)
        case .shipped:
            try compile(installed)
            try ship(installed)
        case .shippedAndChanged:
            try compile(installed)
            try ship(installed)
            try compile(installed, title: "second")
        case .broken:
            try compile(own)
            try trust(own)
            try directory.file(own, "damaged".utf8)
        case .binding:
            let text = #"""
                {"toolhost": 1, "plugin": {"name": "one"}, "library": "libm.so.6", "tools": [{"name": "one",
                 "description": "The cosine", "symbol": "cos", "parameters": [{"name": "x", "type": "f64"}],
                 "returns": "f64"}]}
                """#
            try directory.file(Self.own + "/one.tool.json", text.utf8)
            try trust(Self.own + "/one.tool.json")
        case .moved:
            try compile("apart/one.so")
            try trust("apart/one.so")
            rename(directory.path + "/apart/one.so", directory.path + "/" + own)
        case .copied:
            try compile("apart/one.so")
            try trust("apart/one.so")
            try FileManager.default.copyItem(
                atPath: directory.path + "/apart/one.so",
                toPath: directory.path + "/" + own
            )
        case .trustedTwice:
            try compile(installed)
            try ship(installed)
            try trust(installed)
        case .linked:
            try compile("apart/one.so")
            try trust("apart/one.so")
            symlink(directory.path + "/apart/one.so", directory.path + "/" + own)
        }
    }

    @Test(
        "the list of trusted plugins agrees with the list of tools in every state of a plugin",
        arguments: State.allCases
    )
    func agrees(state: State) throws {
        try make(state)
        let trusted = try run("trust", "--list", "--json").json.array ?? []
        let tools = try run("list", "--json").json.array ?? []
        let doctor = try run("doctor", "--json").json["plugins"]?.array ?? []
        #expect(trusted.compactMap { $0["state"]?.string } == state.inTrustList, "\(JSON.array(trusted).text())")
        for plugin in trusted {
            #expect(plugin["trusted"]?.bool == (plugin["state"] == "trusted"))
            #expect(plugin["changed"]?.bool == (plugin["state"] == "changed"))
        }

        // A plugin of the search path has the same state in each of the lists, as the same file.
        func files(_ list: [JSON], _ key: String) -> Set<String> {
            Set(list.filter { $0[key] == true }.compactMap { ($0["plugin"] ?? $0)["file"]?.string })
        }
        let found = Set(doctor.compactMap { $0["file"]?.string })
        for key in ["trusted", "changed"] {
            #expect(files(trusted, key).intersection(found) == files(tools, key), "\(JSON.array(tools).text())")
            #expect(files(tools, key) == files(doctor, key), "\(JSON.array(doctor).text())")
        }
        #expect(tools.count == ([.missing, .broken].contains(state) ? 0 : 1), "\(JSON.array(tools).text())")

        let shown = try run("trust", "--list")
        #expect(shown.output.contains("one  (") == !state.inTrustList.isEmpty, "\(shown)")
        #expect(shown.errors.contains("No plugin is trusted.") == state.inTrustList.isEmpty, "\(shown)")
        #expect(shown.output.contains("CHANGED") == state.inTrustList.contains("changed"))
        #expect(shown.output.contains("MISSING") == (state == .missing))
        #expect(shown.output.contains("BROKEN") == (state == .broken))
    }

    @Test("removing the trust of an installed plugin suggests the command for its lock file")
    func removal() throws {
        try make(.shipped)
        let lock = directory.path + "/bin/../share/toolhost/plugins.lock.json"
        let refused = try run("trust", "--remove", "one").errors
        #expect(refused.contains("lock file of the installation") && refused.contains("--lock \(lock)"), "\(refused)")
        #expect(try run("trust", "--list").output.contains("installed with toolhost"))
        #expect(try run("trust", "--remove", "one", "--lock", lock).errors.contains("is no longer trusted"))
        #expect(try run("trust", "--list").errors.contains("No plugin is trusted."))
    }
}
