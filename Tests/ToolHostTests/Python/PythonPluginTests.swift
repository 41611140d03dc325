import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("Plugins in Python", .needsPython, .timeLimit(.minutes(5)))
struct PythonPluginTests {
    @Test("the functions of an unedited file are tools")
    func functions() async throws {
        let fixture = try await PythonFixture.make(["weather.py": PythonFixture.functions])
        #expect(try fixture.breakage("weather.py") == nil)
        #expect(try fixture.report("weather.py").tools == ["add", "get_conditions", "get_temperature", "multiply"])
        #expect(try fixture.report("weather.py").name == "weather")
        for (tool, arguments, text) in [
            ("add", ["a": 2, "b": 3], "5"), ("multiply", ["a": 4, "b": 5], "20"),
            ("get_temperature", ["city": "London"], "15°C"), ("get_conditions", ["city": "New York"], "Partly cloudy"),
        ] as [(String, JSON, String)] {
            let result = try await fixture.call(tool, arguments)
            #expect(result.status == .ok && result.text == text, "\(result)")
        }
    }

    @Test("modules for others, hidden files and directories are not listed, and a module can be imported")
    func notListed() async throws {
        let fixture = try await PythonFixture.make([
            "tool.py":
                "from _helpers import twice\nimport pack.deep\ndef double(x: int):\n    return twice(x) + pack.deep.ZERO",
            "_helpers.py": "def twice(x): return 2 * x", ".x.py": "def hidden(): pass", "folder.py/a.py": "",
            "pack/__init__.py": "", "pack/deep.py": "ZERO = 0",
        ])
        #expect(fixture.host.plugins.map(\.name) == ["tool"])
        #expect(try await fixture.call("double", ["x": 4]).text == "8")
    }

    @Test(
        "a module that no import names cannot be imported or read",
        arguments: [SandboxMode.bestEffort, .off]
    )
    func unnamedModules(mode: SandboxMode) async throws {
        let fixture = try await PythonFixture.make(
            ["tool.py": PythonFixture.evaluator, "secret.py": "x = 1"],
            configure: { configuration, _ in
                guard case .workers(var workers) = configuration.isolation else { return }
                workers.sandbox = mode
                configuration.isolation = .workers(workers)
            }
        )
        let result = try await fixture.run("__import__('sec' + 'ret')")
        #expect(result.status == .toolError && result.text.contains("secret"), "\(result)")
        guard mode != .off else { return }
        #expect(try await fixture.run("open('\(fixture.path("secret.py"))')").text.contains("Permission denied"))
        #expect(try await fixture.run("os.listdir('\(fixture.path("."))')").text.contains("Permission denied"))
    }

    @Test("a file of the directory does not shadow the standard library")
    func standardLibrary() async throws {
        let fixture = try await PythonFixture.make([
            "tool.py": PythonFixture.evaluator, "json.py": "raise SystemExit", "ctypes.py": "raise SystemExit",
        ])
        #expect(try await fixture.run("json.dumps([1])").text == "[1]")
    }

    @Test("without an interpreter a file is reported in one sentence, and other plugins work")
    func noInterpreter() async throws {
        let fixture = try await PythonFixture.make(["weather.py": PythonFixture.functions]) {
            configuration,
            directory in
            try directory.plugin(
                "plugins/echo.so",
                FixtureSource.tool("echo", body: "return tool_finish(call, TOOL_OK);")
            )
            configuration.python?.interpreter = nil
            configuration.python?.searchPath = [directory.path]
        }
        let error = try #require(try fixture.breakage("weather.py"))
        #expect(
            error.message
                == "Needs Python 3.9 or later, and there is no python3 in \(fixture.directory.path)."
        )
        #expect(error.remedy == .install(package: "python3"))
        #expect(fixture.host.tools.map(\.name) == ["echo"])
    }

    @Test("in the host's own process a file is reported and not run")
    func inProcess() async throws {
        let fixture = try await PythonFixture.make(["a.py": "import os\nos._exit(1)"]) { configuration, _ in
            configuration.isolation = .inProcess
        }
        #expect(try fixture.breakage("a.py")?.message.contains("runs only in a worker process") == true)
    }

    @Test("files are ignored where plugins in Python are turned off")
    func turnedOff() async throws {
        let fixture = try await PythonFixture.make(["a.py": "def f(): pass"]) {
            $0.python = nil; _ = $1
        }
        #expect(fixture.host.plugins.isEmpty)
    }

    @Test(
        "a file that cannot be used is broken with the reason",
        arguments: [
            ("# /// script\n# [tool.toolhost]\n# nmae = 1\n# ///\n", "The metadata in line 3 cannot be used: \"nmae\""),
            ("# /// script\n# requires-python = \">=3.99\"\n# ///\n", "Needs Python >=3.99, and "),
            ("# /// script\n# dependencies = [\"no-such-thing<1\"]\n# ///\n", "Needs no-such-thing<1, which "),
            ("# /// script\n# [tool.toolhost.permissions]\n# raed = []\n# ///\n", "unknown key \"raed\""),
            ("import no_such_module", "no_such_module"), ("def f(:\n  pass", "line 1"), ("x = 1", "tool"),
            ("raise ValueError('so')", "so"), ("import sys\nsys.exit(3)", "3"),
            ("import os\nos._exit(7)", "It ended its process with exit code 7."),
            ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "It crashed with SIGSEGV"),
        ]
    )
    func broken(text: String, reason: String) async throws {
        let fixture = try await PythonFixture.make(["tool.py": text])
        let error = try #require(try fixture.breakage("tool.py"))
        #expect(error.message.contains(reason), "\(error)")
    }

    @Test("a file that does not end its imports is stopped after the time limit")
    func endlessImport() async throws {
        let fixture = try await PythonFixture.make(["tool.py": "while True: pass"]) { configuration, _ in
            configuration.limits.registration = .seconds(1)
        }
        #expect(try fixture.breakage("tool.py")?.message.contains("did not load and register within") == true)
    }

    @Test("a file that another user may write is refused before its code runs")
    func foreign() async throws {
        let fixture = try await PythonFixture.make(["tool.py": "import os\nos._exit(7)"]) { _, directory in
            chmod(directory.path + "/plugins/tool.py", 0o666)
        }
        #expect(try fixture.breakage("tool.py")?.code == .notTrusted)
    }

    @Test("a file or module that is replaced after it was listed is not run", arguments: ["tool.py", "_helper.py"])
    func replaced(file: String) async throws {
        let fixture = try await PythonFixture.make([
            "tool.py": PythonFixture.evaluator + "\nimport _helper", "_helper.py": "x = 1",
        ])
        try fixture.directory.file("plugins/" + file, "import os\nos._exit(7)".utf8)
        let result = try await fixture.run("1")
        #expect(result.status == .pluginFailed && result.text.contains("has changed since its tools were listed"))
    }

    @Test("the block's name, version and concurrency hold, and the process does not decide on them")
    func block() async throws {
        let block = """
            # /// script
            # requires-python = ">=3.9"
            # [tool.toolhost]
            # name = "sky"
            # version = "1.2.0"
            # config = ["key"]
            # concurrent = true
            # timeout = 20
            # ///

            """
        let fixture = try await PythonFixture.make(["tool.py": block + PythonFixture.functions])
        let report = try fixture.report("tool.py")
        #expect(report.name == "sky" && report.version == "1.2.0" && report.configurationKeys == ["key"])
        #expect(try await fixture.call("add", ["a": 1, "b": 1]).text == "2")
        #expect(fixture.host.tools.first?.timeout == .seconds(20))
    }

    @Test("an unchanged file is listed without an interpreter, and a changed one is registered again")
    func cache() async throws {
        let first = try await PythonFixture.make([
            "tool.py": "import _helper\ndef first(): pass",
            "_helper.py": "",
        ]) { configuration, directory in
            configuration.cacheDirectory = try directory.directory("cache")
        }
        #expect(first.host.tools.map(\.name) == ["first"])
        let marker = first.directory.path + "/libexec/python/runner.py"
        // An interpreter that ran now would find no program.
        let runner = try String(contentsOfFile: marker, encoding: .utf8)
        try first.directory.file("libexec/python/runner.py", "raise SystemExit".utf8)
        #expect(try await first.loadAgain().host.tools.map(\.name) == ["first"])
        try first.directory.file("libexec/python/runner.py", runner.utf8)
        try first.directory.file("plugins/_helper.py", "def x(): pass".utf8)
        try first.directory.file("plugins/tool.py", "import _helper\ndef second(): pass".utf8)
        #expect(try await first.loadAgain().host.tools.map(\.name) == ["second"])
    }
}
