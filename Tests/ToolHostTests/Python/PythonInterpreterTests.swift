import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("Python interpreters", .timeLimit(.minutes(5)))
struct PythonInterpreterTests {
    private let directory: FixtureDirectory

    init() throws { directory = try FixtureDirectory() }

    /// Writes a program that replies like an interpreter.
    private func program(_ name: String, _ lines: String...) throws -> String {
        let script = "#!/bin/sh\ncat <<'END'\n" + lines.joined(separator: "\n") + "\nEND\n"
        let draft = try directory.file(name + ".draft", script.utf8, mode: 0o755)
        try ChildProcess.copy([draft], to: directory.path + "/" + name)
        return directory.path + "/" + name
    }

    private func find(
        _ path: String?,
        searchPath: [String] = [],
        plugins: [String: String] = [:]
    ) throws(PythonError) -> PythonInterpreter {
        var configuration = PythonConfiguration()
        configuration.interpreter = path
        configuration.searchPath = searchPath
        configuration.interpreters = plugins
        return try PythonInterpreters(configuration, cacheDirectory: nil).interpreter(ofPlugin: "weather")
    }

    @Test(
        "a reply of an interpreter is read, and any other output is none",
        arguments: [
            ("toolhost\ncpython\n3 11 2\n/bin/p\n/usr\n", true), ("toolhost\ncpython\n3 11 2\n/bin/p\n/usr", false),
            ("cpython\n3 11 2\n/bin/p\n/usr\n", false), ("toolhost\ncpython\n3 11\n/bin/p\n/usr\n", false),
            ("toolhost\ncpython\n3 11 99999\n/bin/p\n/usr\n", false), ("toolhost\ncpython\n3 11 2\np\n/usr\n", false),
            ("toolhost\ncpython\n3 11 2\n/bin/p\n/usr\nmore\n", false), ("", false),
        ]
    )
    func replies(text: String, isValid: Bool) {
        let reply = PythonProbe.Reply(text)
        #expect((reply != nil) == isValid)
        if isValid { #expect(reply?.version == PythonVersion(3, 11, 2) && reply?.basePrefix == "/usr") }
    }

    @Test("an interpreter that is too old, of another kind or broken is refused in a sentence")
    func refused() throws {
        let old = try program("old", "toolhost", "cpython", "3 8 18", "/usr/bin/env", "/usr")
        let other = try program("other", "toolhost", "pypy", "3 10 1", "/usr/bin/env", "/usr")
        let silent = try program("silent", "hello")
        let open = try program("open", "toolhost", "cpython", "3 11 1", "/usr/bin/env", "/usr")
        chmod(open, 0o777)
        let data = try directory.file("data", "".utf8)
        for (path, reason) in [
            (old, "Needs CPython 3.9 or later, and \(old) is cpython 3.8.18."),
            (other, "Needs CPython 3.9 or later, and \(other) is pypy 3.10.1."),
            (silent, "does not reply with its version"), (open, "could replace the Python interpreter \(open)"),
            (data, "is not a program"), (directory.path + "/missing", "does not exist"),
            (directory.path, "\(directory.path)/bin/python does not exist"),
        ] {
            #expect {
                try find(path)
            } throws: { error in
                (error as? PythonError)?.message.contains(reason) == true
            }
        }
    }

    @Test("the configuration of a plugin precedes the default, and that precedes the search path")
    func order() throws {
        func interpreter(_ name: String, _ version: String) throws -> String {
            try directory.directory(name)
            return try program("\(name)/python3", "toolhost", "cpython", version, "/usr/bin/env", "/opt")
        }
        let (first, second, third) = (
            try interpreter("a", "3 9 1"), try interpreter("b", "3 10 1"), try interpreter("c", "3 11 1")
        )
        let path = [directory.path + "/missing", directory.path + "/c", directory.path + "/b"]
        #expect(try find(nil, searchPath: path).version == PythonVersion(3, 11, 1))
        #expect(try find(second, searchPath: path).version == PythonVersion(3, 10, 1))
        #expect(try find(second, searchPath: path, plugins: ["weather": first]).version == PythonVersion(3, 9, 1))
        #expect(try find(second, searchPath: path, plugins: ["other": first]).version == PythonVersion(3, 10, 1))
        _ = third
    }

    @Test("the environment names the interpreter unless the configuration does")
    func environment() {
        var configuration = PythonConfiguration(environment: ["TOOLHOST_PYTHON": "/a", "PATH": "/x:rel::/y"])
        #expect(configuration.interpreter == "/a" && configuration.searchPath == ["/x", "/y"])
        configuration.apply(["TOOLHOST_PYTHON": "/b"])
        #expect(configuration.interpreter == "/a")
        #expect(PythonConfiguration(environment: [:]) == PythonConfiguration())
    }

    @Test("a wrapper in the search path leads to the interpreter that it starts", .needsPython)
    func wrapper() throws {
        let python = try #require(PythonFixture.interpreter)
        let real = try find(python)
        let script = "#!/bin/sh\nexec \(python) \"$@\"\n"
        try directory.directory("bin")
        let draft = try directory.file("draft", script.utf8, mode: 0o755)
        try ChildProcess.copy([draft], to: directory.path + "/bin/python3")
        let found = try find(nil, searchPath: [directory.path + "/bin"])
        #expect(found.program == real.program && found.command == real.command)
    }

    @Test("a virtual environment is found by its directory and reads its own files", .needsPython)
    func virtualEnvironment() throws {
        let python = try #require(PythonFixture.interpreter)
        let environment = directory.path + "/env"
        let words = [python, "-m", "venv", "--without-pip", environment]
        try #require(try ChildProcess(words, output: STDERR_FILENO).wait() == 0)
        let package = environment + "/lib/python\(try find(python).shortVersion)/site-packages/My_Pack-1.2.dist-info"
        try FileManager.default.createDirectory(atPath: package, withIntermediateDirectories: true)
        let found = try find(environment)
        #expect(found.environment == environment && found.prefix == environment && !found.isSystems)
        #expect(found.command.hasPrefix(environment + "/bin/python"))
        #expect(found.readablePaths.contains(environment + "/pyvenv.cfg"))
        #expect(found.readablePaths.contains(environment + "/lib"))
        let packages = PythonPackages(of: found)
        #expect(packages.list.contains("my-pack 1.2"))
    }

    @Test("the host runs no code of an environment's packages", .needsPython)
    func startupFiles() throws {
        let python = try #require(PythonFixture.interpreter)
        let environment = directory.path + "/env"
        let words = [python, "-m", "venv", "--without-pip", environment]
        try #require(try ChildProcess(words, output: STDERR_FILENO).wait() == 0)
        let marker = directory.path + "/marker"
        let packages = "env/lib/python\(try find(python).shortVersion)/site-packages"
        try directory.file(packages + "/start.pth", "import os; open('\(marker)', 'w')\n".utf8)
        try ChildProcess.copy(["-r", PythonFixture.runner], to: directory.path + "/python")
        let runner = try PythonRunner(besideWorker: directory.path + "/toolhost-worker")
        let found = try find(environment)
        #expect(PythonBytecode.directory(of: found, runner, in: try directory.directory("cache")) != nil)
        #expect(access(marker, F_OK) != 0)
        // The file has effect where the site module runs.
        try #require(try ChildProcess([found.command, "-I", "-c", ""], output: STDERR_FILENO).wait() == 0)
        #expect(access(marker, F_OK) == 0)
    }

    @Test("the reply of an interpreter is recorded until its program changes")
    func records() throws {
        let known = KnownInterpreters(directory: directory.path)
        func identity(_ size: UInt64) -> FileIdentity {
            let time = FileIdentity.Time(seconds: 1, nanoseconds: 2)
            let number = FileIdentity.Number(device: 1, inode: 2)
            return FileIdentity(number: number, size: size, modified: time, changed: time, owner: 0, mode: 0)
        }
        let interpreter = PythonInterpreter(
            program: "/usr/bin/python3.11",
            command: "/srv/env/bin/python",
            version: PythonVersion(3, 11, 2),
            basePrefix: "/usr",
            environment: "/srv/env",
            identity: identity(3)
        )
        known.store(interpreter, at: "/srv/env/bin/python", identity(3))
        for reader in [known, KnownInterpreters(directory: directory.path)] {
            #expect(reader.interpreter(at: "/srv/env/bin/python", identity(3)) == interpreter)
            #expect(reader.interpreter(at: "/srv/env/bin/python", identity(4)) == nil)
            #expect(reader.interpreter(at: "/usr/bin/python3.11", identity(3)) == nil)
        }
    }

    @Test("packages are listed by their normal names, and missing ones are found")
    func packages() throws {
        for name in ["Flask_Login-0.6.dist-info", "zope.interface-5.egg-info", "module.py", "nothing.dist-info"] {
            try directory.directory(name)
        }
        let packages = PythonPackages(in: directory.path)
        #expect(packages.list == ["flask-login 0.6", "nothing", "zope-interface 5"])
        let block =
            "# /// script\n# dependencies = ['flask-login', 'httpx<1', 'win ; os == \"nt\"', 'zope-interface']\n# ///"
        let metadata = try ScriptMetadata(in: Array(block.utf8))
        #expect(packages.missing(metadata.packages).map(\.text) == ["httpx<1"])
    }

    @Test(
        "the configuration file turns plugins in Python off or names their interpreters",
        arguments: [
            ("{}", nil), (#"{"python": {}}"#, nil),
            (#"{"python": 1}"#, "an object or false"), (#"{"python": true}"#, "an object or false"),
            (#"{"python": {"defualt": "/a"}}"#, "unknown key \"defualt\""),
            (#"{"python": {"default": "a"}}"#, "an absolute path for \"default\""),
            (#"{"python": {"plugins": []}}"#, "an object for \"plugins\""),
            (#"{"python": {"plugins": {"weather": 1}}}"#, "the interpreter of the plugin \"weather\""),
            (#"{"python": {"uv": "never"}}"#, "unknown key \"uv\""),
        ]
    )
    func configuration(text: String, reason: String?) throws {
        let path = try directory.file("config.json", text.utf8, mode: 0o600)
        guard let reason else {
            #expect(try ConfigurationFile.read(path: path).python == PythonConfiguration())
            return
        }
        #expect {
            try ConfigurationFile.read(path: path)
        } throws: { error in
            "\(error)".contains(reason)
        }
    }

    @Test("the values of the configuration file are those of the host")
    func configurationValues() throws {
        let text = #"{"python": {"default": "/a", "plugins": {"weather": "/b"}}}"#
        let path = try directory.file("config.json", text.utf8, mode: 0o600)
        let python = try ConfigurationFile.read(path: path).python
        #expect(python?.interpreter == "/a" && python?.interpreters == ["weather": "/b"])
        let off = try directory.file("off.json", #"{"python": false}"#.utf8, mode: 0o600)
        #expect(try ConfigurationFile.read(path: off).python == nil)
    }
}
