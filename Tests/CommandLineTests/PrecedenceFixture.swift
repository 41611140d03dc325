import Foundation
import TestSupport
import Testing

/// An installation with a sample, and a home with a plugin of the user; both have the tool `tell`.
///
/// Programs and plugins are compiled and copied once.
struct PrecedenceFixture {
    /// The states of a plugin.
    enum State: String, CaseIterable, CustomTestStringConvertible {
        /// The plugin does not exist.
        case absent
        /// The plugin needs no grant, and is not trusted.
        case untrusted
        /// The plugin needs a grant that it does not have.
        case withheld
        /// The plugin needs a grant, and is trusted.
        case trusted
        /// The file was trusted, and has changed to one that needs a grant.
        case changed
        /// The file is damaged, and was never a plugin.
        case broken
        /// The file is damaged, and was trusted before.
        case brokenTrusted
        /// The plugin is not trusted, and its process died five times.
        case quarantined
        var testDescription: String { rawValue }
    }

    /// The ways in which the user's plugin is found.
    enum Place: String, CaseIterable {
        /// In the user's directory of plugins.
        case own
        /// In a directory of `TOOLHOST_PLUGIN_PATH`.
        case environment
        /// In a directory of `--plugins`.
        case namedDirectory
        /// As a file of `--plugins`.
        case namedFile
    }

    private struct Shared {
        let directory: FixtureDirectory
        /// The entries of the quarantine, by the names of the plugins.
        var quarantine: [String: String] = [:]
    }

    let directory: FixtureDirectory
    /// The sample's file.
    var sample: String { directory.path + "/lib/toolhost/plugins/sample.so" }
    /// The file of the user's plugin.
    var own: String { directory.path + "/" + Self.directory + "/own.so" }
    private static let directory = "data/toolhost/plugins"
    private var lock: String { directory.path + "/share/toolhost/plugins.lock.json" }

    init(sample state: State, own ownState: State) throws {
        let shared = try Self.shared.get()
        directory = try FixtureDirectory()
        for name in ["bin", "libexec/toolhost", "lib/toolhost/plugins", "share/toolhost", "home/.config/toolhost"] {
            try directory.directory(name)
        }
        try directory.directory(Self.directory)
        for name in ["bin/toolhost", "libexec/toolhost/toolhost-worker"] {
            link(
                shared.directory.path + "/" + name.split(separator: "/").joined(separator: "-"),
                directory.path + "/" + name
            )
        }
        try make(state, "sample", at: sample, lock: lock, shared)
        try make(ownState, "own", at: own, lock: nil, shared)
        let held = ["sample": state, "own": ownState].filter { $0.value == .quarantined }.keys
        guard !held.isEmpty else { return }
        // They were listed before they died.
        _ = try run(["list"])
        try directory.directory("home/.local/state/toolhost")
        let entries = held.compactMap { shared.quarantine[$0] }.joined(separator: ",")
        let text = #"{"version":1,"plugins":{\#(entries)}}"#
        try directory.file("home/.local/state/toolhost/quarantine.json", text.utf8, mode: 0o600)
    }

    private func make(_ state: State, _ name: String, at path: String, lock: String?, _ shared: Shared) throws {
        func copy(_ kind: String) throws {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.copyItem(atPath: "\(shared.directory.path)/\(name)-\(kind).so", toPath: path)
        }
        func trust() throws {
            let result = try run(["trust", path, "--yes"] + (lock.map { ["--lock", $0] } ?? []))
            guard result.status == 0 else { throw Command.Failure(description: result.errors) }
        }
        func damage() throws { try Data("damaged".utf8).write(to: URL(filePath: path)) }
        switch state {
        case .absent: break
        case .untrusted, .quarantined: try copy("free")
        case .withheld: try copy("asking")
        case .trusted:
            try copy("asking")
            try trust()
        case .changed:
            try copy("asking")
            try trust()
            try copy("changed")
        case .broken: try damage()
        case .brokenTrusted:
            try copy("asking")
            try trust()
            try damage()
        }
    }

    /// Adds an untrusted plugin in another directory: `rival` with the same tool, `twin` with the same tool and
    /// plugin name, or `other` with the same plugin name and the tool `other`.
    func add(_ kind: String) throws -> (directory: String, file: String) {
        let directory = try directory.directory(kind)
        let file = "\(directory)/\(kind).so"
        try FileManager.default.copyItem(atPath: "\(try Self.shared.get().directory.path)/\(kind).so", toPath: file)
        return (directory, file)
    }

    /// Trusts a plugin as the user would.
    func trust(_ path: String) throws -> Command.Result { try run(["trust", path, "--yes"]) }

    /// Runs the installed toolhost with this home.
    func run(
        _ words: [String],
        place: Place = .own,
        input: String = "",
        server: String? = nil
    ) throws -> Command.Result {
        try command(words, place: place, input: input, server: server).run()
    }

    /// A run of the installed toolhost with this home.
    ///
    /// - Parameter path: The directories of `TOOLHOST_PLUGIN_PATH`, if the user's plugin is not found there.
    func command(
        _ words: [String],
        place: Place = .own,
        path: String? = nil,
        input: String = "",
        server: String? = nil
    ) throws -> Command {
        var command = Command("", input: input)
        command.arguments = words
        command.program = directory.path + "/bin/toolhost"
        command.environment["HOME"] = directory.path + "/home"
        command.environment["TOOLHOST_PLUGIN_PATH"] = path
        switch place {
        case .own: command.environment["XDG_DATA_HOME"] = directory.path + "/data"
        case .environment: command.environment["TOOLHOST_PLUGIN_PATH"] = directory.path + "/" + Self.directory
        case .namedDirectory: command.arguments += ["--plugins", directory.path + "/" + Self.directory]
        // An absent file cannot be named.
        case .namedFile: command.arguments += access(own, F_OK) == 0 ? ["--plugins", own] : []
        }
        if let server { command.environment["OLLAMA_HOST"] = server }
        return command
    }

    private static let shared: Result<Shared, any Error> = Result {
        var shared = Shared(directory: try FixtureDirectory())
        let directory = shared.directory
        atexit {
            if let shared = try? PrecedenceFixture.shared.get() {
                try? FileManager.default.removeItem(atPath: shared.directory.path)
            }
        }
        for (place, program) in [("bin", "toolhost"), ("libexec-toolhost", "toolhost-worker")] {
            try ChildProcess.copy([BuiltProducts.executable(program)], to: directory.path)
            rename("\(directory.path)/\(program)", "\(directory.path)/\(place)-\(program)")
        }
        try directory.directory("data")
        func compile(_ file: String, _ name: String, _ title: String = "", tool: String = "tell", of plugin: String)
            throws
        {
            let source = FixtureSource.tool(
                tool,
                extra: #","title":"\#(title)","toolhost":{"examples":[{"arguments":{},"result":"\#(name)"}]}"#,
                manifest: plugin,
                body: #"return tool_reply(call, tool_text("\#(name)"));"#
            )
            try directory.plugin("\(file).so", source)
        }
        for name in ["own", "sample"] {
            let permissions = #""permissions":{"read":["\#(directory.path)/data"]}"#
            try compile("\(name)-free", name, of: #"{"name":"\#(name)_plugin"}"#)
            try compile("\(name)-asking", name, of: #"{"name":"\#(name)_plugin",\#(permissions)}"#)
            try compile("\(name)-changed", name, "changed", of: #"{"name":"\#(name)_plugin",\#(permissions)}"#)
        }
        try compile("rival", "rival", of: #"{"name":"rival_plugin"}"#)
        try compile("twin", "rival", of: #"{"name":"own_plugin"}"#)
        try compile("other", "other", tool: "other", of: #"{"name":"own_plugin"}"#)
        for name in ["own", "sample"] {
            let hash = try digest(of: "\(directory.path)/\(name)-free.so")
            let death = #"{"file":"x","reason":"It crashed.","output":"","deaths":[1,1,1,1,1]}"#
            shared.quarantine[name] = #""\#(hash)":\#(death)"#
        }
        return shared
    }

    /// The SHA-256 of a file, computed by the system's program.
    private static func digest(of path: String) throws -> String {
        let (program, output) = (Process(), Pipe())
        program.executableURL = URL(filePath: "/usr/bin/sha256sum")
        program.arguments = [path]
        program.standardOutput = output
        try program.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        program.waitUntilExit()
        return String(text.prefix(64))
    }
}
