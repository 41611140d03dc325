import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("Calls of plugins in Python", .needsPython, .timeLimit(.minutes(5)))
struct PythonCallTests {
    @Test(
        "a call that is out of time is stopped, and its process keeps its state",
        arguments: [
            "time.sleep(60)", "threading.Event().wait()", "all(True for i in iter(int, 1))",
            "__import__('re').match('(a+)+b', 'a' * 60)", "os.read(os.pipe()[0], 1)",
        ]
    )
    func timeout(code: String) async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator]) { configuration, _ in
            configuration.limits.timeout = .seconds(1)
            configuration.limits.grace = .seconds(20)
        }
        #expect(try await fixture.run("state.append(os.getpid())").status == .ok)
        let result = try await fixture.run(code)
        #expect(result.status == .timedOut, "\(result)")
        // The next call of the lane waits for the end of this one.
        let next = try await fixture.run("state == [os.getpid()]")
        #expect(next.text == "True", "\(next)")
    }

    @Test("code that ignores its interruption is killed after the grace period, and the next call has a new process")
    func ignoredInterruption() async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator]) { configuration, _ in
            configuration.limits.timeout = .milliseconds(500)
            configuration.limits.grace = .milliseconds(200)
        }
        let process = try await fixture.run("os.getpid()").text
        #expect(try await fixture.run("sum(range(10**12))").status == .timedOut)
        let next = try await fixture.run("os.getpid()")
        #expect(next.status == .ok && next.text != process, "\(next)")
    }

    @Test("calls of async functions run beside one another, and plain functions one after another")
    func concurrency() async throws {
        let fixture = try await PythonFixture.make([
            "tool.py": PythonFixture.evaluator + "\ndef slow():\n    time.sleep(0.3)\n    return str(os.getpid())\n"
        ])
        func duration(_ tool: String, _ arguments: JSON, count: Int) async throws -> Duration {
            let calls = (0..<count).map { _ in ToolCall(name: tool, arguments: arguments) }
            let start = ContinuousClock.now
            let results = await fixture.host.dispatch(calls).results
            #expect(results.count == count && results.allSatisfy { $0.status == .ok }, "\(results)")
            return ContinuousClock.now - start
        }
        _ = try await fixture.run("1")
        let parallel = try await duration("wait", ["seconds": 0.3], count: 16)
        let serial = try await duration("slow", [:], count: 4)
        #expect(serial >= .milliseconds(1200))
        // One after another they would take 4.8 seconds.
        #expect(parallel < .seconds(3))
    }

    @Test(
        "a call that ends its process fails with the reason, and the next call has a new process",
        arguments: [
            ("os._exit(3)", "It ended its process with exit code 3."),
            ("os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"), ("ctypes.string_at(8)", "SIGSEGV"),
            ("os.abort()", "SIGABRT"),
        ]
    )
    func crash(code: String, reason: String) async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator])
        let result = try await fixture.run(code)
        #expect(result.status == .pluginFailed && result.text.contains(reason), "\(result)")
        #expect(try await fixture.run("1").text == "1")
    }

    @Test("a crash beside other calls does not name a wrong tool")
    func crashBesideOthers() async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator])
        _ = try await fixture.run("1")
        let calls = [
            ToolCall(name: "wait", arguments: ["seconds": 30]),
            ToolCall(name: "run", arguments: ["code": "time.sleep(0.5), os._exit(3)"]),
        ]
        let results = await fixture.host.dispatch(calls).results
        #expect(results.allSatisfy { $0.status == .pluginFailed }, "\(results)")
        #expect(results.allSatisfy { $0.text.contains("It or another call of the plugin is why") }, "\(results)")
    }

    @Test("five crashes put the plugin into quarantine, and a release ends it")
    func quarantine() async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator]) { configuration, directory in
            configuration.stateDirectory = try directory.directory("state")
        }
        for _ in 0..<5 { _ = try await fixture.run("os._exit(3)") }
        let result = try await fixture.run("1")
        #expect(result.status == .pluginFailed && result.text.contains("quarantine"), "\(result)")
        try fixture.configuration.releasePlugins()
        #expect(try await fixture.run("1").text == "1")
    }

    @Test("an exception is an error of the tool, and the process goes on")
    func exceptions() async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator])
        for (code, text) in [
            ("{}['x']", "KeyError"), ("sys.exit(3)", "The tool ended itself with 3."), ("1 / 0", "ZeroDivisionError"),
            ("(lambda f: f(f))(lambda f: f(f))", "recur"),
        ] {
            let result = try await fixture.run(code)
            #expect(result.status == .toolError && result.text.contains(text), "\(result)")
        }
        #expect(try await fixture.run("1").text == "1")
    }
}
