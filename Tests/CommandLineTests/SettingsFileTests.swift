import Foundation
import TestSupport
import Testing
import ToolJSON

/// The files that decide what may run: an absent file decides nothing, and any other file that cannot be read is an error.
@Suite("Settings files", .timeLimit(.minutes(10)))
struct SettingsFileTests {
    enum Settings: String, CaseIterable, CustomTestStringConvertible {
        case configuration = "config.json"
        case policy = "policy.json"
        case lock = "plugins.lock.json"
        var testDescription: String { rawValue }

        var content: String {
            switch self {
            case .configuration: "{}"
            case .policy: #"{"version":1,"rules":[]}"#
            case .lock: #"{"version":1,"plugins":{}}"#
            }
        }

        /// The name in the report of `doctor --json`.
        var key: String {
            switch self {
            case .configuration: "configuration"
            case .policy: "policy"
            case .lock: "lock_file"
            }
        }
    }

    /// The object at the path of a file, and the expected message; none if it counts as absent or is a valid file.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let words: String?
        let make: @Sendable (_ fixture: AccessFixture, _ file: Settings) throws -> Void

        init(
            _ testDescription: String,
            _ words: String?,
            _ make: @escaping @Sendable (AccessFixture, Settings) throws -> Void
        ) {
            (self.testDescription, self.words, self.make) = (testDescription, words, make)
        }
    }

    private static func path(_ fixture: AccessFixture, _ file: Settings) -> String {
        "\(fixture.configuration)/\(file.rawValue)"
    }

    private static let places = [
        Place("no directory", nil) { fixture, _ in rmdir(fixture.configuration) },
        Place("no file", nil) { _, _ in },
        Place("a file", nil) { fixture, file in
            try fixture.directory.file("home/.config/toolhost/\(file.rawValue)", file.content.utf8)
        },
        Place("a link to a file", nil) { fixture, file in
            symlink(try fixture.directory.file("other.json", file.content.utf8), path(fixture, file))
        },
        Place("a directory link to nothing in it", nil) { fixture, _ in
            rmdir(fixture.configuration)
            symlink(try fixture.directory.directory("elsewhere"), fixture.configuration)
        },
        Place("a dangling link", "a symbolic link to nothing") { fixture, file in
            symlink("nothing.json", path(fixture, file))
        },
        Place("a link to a dangling link", "a symbolic link to nothing") { fixture, file in
            symlink("nothing.json", fixture.configuration + "/middle")
            symlink("middle", path(fixture, file))
        },
        Place("a link into a directory that is missing", "a symbolic link to nothing") { fixture, file in
            symlink("\(fixture.directory.path)/none/file.json", path(fixture, file))
        },
        Place("a link to itself", "links in a circle") { fixture, file in
            symlink(file.rawValue, path(fixture, file))
        },
        Place("two links in a circle", "links in a circle") { fixture, file in
            symlink("middle", path(fixture, file))
            symlink(file.rawValue, fixture.configuration + "/middle")
        },
        Place("a dangling directory link", "toolhost is a symbolic link to nothing") { fixture, _ in
            rmdir(fixture.configuration)
            symlink("nothing", fixture.configuration)
        },
        Place("a dangling link above", ".config is a symbolic link to nothing") { fixture, _ in
            rmdir(fixture.configuration)
            rmdir(fixture.directory.path + "/home/.config")
            symlink("nothing", fixture.directory.path + "/home/.config")
        },
        Place("a circle above", "links in a circle") { fixture, _ in
            rmdir(fixture.configuration)
            symlink("toolhost", fixture.configuration)
        },
        Place("a directory", "is not a regular file") { fixture, file in mkdir(path(fixture, file), 0o700) },
        Place("a pipe", "is not a regular file") { fixture, file in mkfifo(path(fixture, file), 0o600) },
        Place("a file for a directory", "Not a directory") { fixture, _ in
            rmdir(fixture.configuration)
            try fixture.directory.file("home/.config/toolhost", [])
        },
        Place("an empty file", "The ") { fixture, file in
            try fixture.directory.file("home/.config/toolhost/\(file.rawValue)", [])
        },
        Place("a file that others may write", "chmod go-w") { fixture, file in
            try fixture.directory.file("home/.config/toolhost/\(file.rawValue)", file.content.utf8, mode: 0o666)
        },
    ]

    @Test(
        "a file is absent only if nothing has its name; anything else that cannot be read is reported",
        arguments: Settings.allCases,
        places
    )
    func place(file: Settings, place: Place) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        try place.make(fixture, file)
        let list = try fixture.command("list").run()
        let doctor = try fixture.command("doctor").run()
        let report = try fixture.command("doctor", "--json").run()
        let problem = try report.json[file.key]?["problem"]
        guard let words = place.words else {
            #expect(list.status == 0 && list.output.contains("touch "), "\(list)")
            #expect(doctor.status == 0 && problem == .null, "\(doctor)")
            return
        }
        #expect(list.status == 64 && list.errors.contains(words), "\(list)")
        #expect(doctor.status == 4 && report.status == 4, "\(doctor)")
        #expect(doctor.output.contains("BROKEN") && doctor.output.contains(words), "\(doctor)")
        #expect(problem?.string?.contains(words) == true, "\(report.output)")
        // The rest of the report is complete.
        for words in ["ok  touch", "Sandbox", "Ollama"] { #expect(doctor.output.contains(words), "\(doctor)") }
    }

    @Test("a named configuration that does not exist is an error")
    func named() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let path = fixture.directory.path + "/config.json"
        for target in [nil, "nothing.json", "config.json"] {
            unlink(path)
            if let target { symlink(target, path) }
            for verb in ["list", "doctor"] {
                let result = try fixture.command(verb, "--config", path).run()
                #expect(result.status == (verb == "list" ? 64 : 4), "\(result)")
                #expect((result.output + result.errors).contains("The configuration \(path) "), "\(result)")
            }
        }
    }

    @Test("doctor reports several broken files at once")
    func several() throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        try fixture.directory.directory("home/.config/toolhost")
        for file in Settings.allCases {
            try fixture.directory.file("home/.config/toolhost/\(file.rawValue)", "{".utf8)
        }
        let report = try fixture.command("doctor", "--json").run()
        #expect(report.status == 4)
        let json = try report.json
        for file in Settings.allCases {
            #expect(json[file.key]?["problem"]?.string?.contains(file.rawValue) == true, "\(report.output)")
        }
        #expect(json[pointer: "/plugins/0/state"] == "loaded" && json[pointer: "/plugins/0/trusted"] == false)
    }

    // MARK: - Nothing at all

    /// The verbs, with the status of each if the user has no files.
    private static let verbs: [(words: [String], status: Int32)] = [
        (["list"], 0), (["list", "--json"], 0), (["show", "touch"], 0), (["call", "touch", "{}"], 0),
        (["test"], 4), (["dispatch", "-"], 0), (["chat", "-m", "rehearsal", "hello"], 0), (["models"], 7),
        (["doctor"], 0), (["trust", "--list"], 0), (["trust", "--remove", "touch"], 0),
    ]

    enum Home: String, CaseIterable, CustomTestStringConvertible {
        case empty, unset, missing, null, relative
        var testDescription: String { rawValue }
    }

    @Test("no verb needs a settings file or a default directory", arguments: Home.allCases)
    func nothing(home: Home) throws {
        let fixture = try AccessFixture()
        defer { fixture.close() }
        let file = fixture.directory.path + "/home"
        for (words, status) in Self.verbs + [(["check", fixture.plugin], 0)] {
            var command = Command("")
            command.arguments = words
            command.input = #"{"tool_calls":[]}"#
            let takesPlugins = !["models", "trust", "check"].contains(words[0])
            if takesPlugins { command.arguments += ["--plugins", fixture.directory.path + "/plugins"] }
            command.environment["HOME"] =
                switch home {
                case .empty, .unset: file
                case .missing: fixture.directory.path + "/none/home"
                case .null: "/dev/null"
                case .relative: "home"
                }
            if home == .unset { command.shell = #"unset HOME; exec "$@""# }
            let result = try command.run()
            // Root creates a home directory for its cache.
            try? FileManager.default.removeItem(atPath: fixture.directory.path + "/none")
            #expect(result.status == status, "\(words): \(result)")
            for words in ["config.json", "policy.json", "lock.json", "configuration", "No such file"] {
                #expect(!result.errors.contains(words), "\(words): \(result)")
            }
        }
    }
}
