import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("The sandbox of plugins in Python", .needsPython, .timeLimit(.minutes(5)))
struct PythonSandboxTests {
    @Test("a plugin without grants cannot leave its sandbox, and the errors are those of permissions")
    func denied() async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator])
        #expect(try await fixture.run("1 + 1").text == "2")
        let report = try #require(try fixture.report("tool.py").sandbox)
        #expect(report.isComplete && report.skipped.isEmpty, "\(report)")
        for code in [
            "open('/etc/passwd').read()", "open('/tmp/toolhost-x', 'w')", "os.listdir('/')", "os.fork()",
            "subprocess.run(['/bin/true'])", "os.execv(sys.executable, ['x'])", "os.execv('/bin/true', ['x'])",
            "socket.socket(socket.AF_INET)", "os.kill(\(getpid()), 0)", "os.memfd_create('x')",
            "os.open('\(fixture.path("tool.py"))', os.O_RDONLY)", "os.chmod('/tmp', 0)",
            "ctypes.CDLL(None, use_errno=True).ptrace(16, \(getpid()), 0, 0) and os.strerror(ctypes.get_errno())",
        ] {
            let result = try await fixture.run(code)
            let isDenied = ["Permission denied", "Operation not permitted"].contains(where: result.text.contains)
            #expect(isDenied, "\(code): \(result.text)")
        }
        // The process is still the same one, and works.
        #expect(try await fixture.run("sum(range(10))").text == "45")
    }

    @Test(
        "grants of files, programs and variables reach the plugin, and without them it has none",
        arguments: [false, true]
    )
    func grants(isGranted: Bool) async throws {
        setenv("TOOLHOST_TEST_GRANTED", "yes", 1)
        setenv("TOOLHOST_TEST_OTHER", "no", 1)
        let fixture = try await PythonFixture.make([:]) { configuration, directory in
            let data = try directory.directory("data")
            try directory.file("data/x", "content".utf8)
            let permissions =
                "# read = [\"\(data)\"]\n# write = [\"\(data)\"]\n# spawn = [\"/usr/bin/true\"]\n"
                + "# env = [\"TOOLHOST_TEST_GRANTED\"]"
            let block = "# /// script\n# [tool.toolhost.permissions]\n\(permissions)\n# ///\n"
            try directory.file("plugins/tool.py", (block + PythonFixture.evaluator).utf8)
            guard isGranted else { return }
            let allowances = ["read=\(data)", "write=\(data)", "spawn=/usr/bin/true", "env=TOOLHOST_TEST_GRANTED"]
            for text in allowances { configuration.authorization.trust.allowances.append(try Allowance(parsing: text)) }
        }
        guard isGranted else {
            // A plugin that lacks permissions is not offered, and the report says what it asks for.
            guard case .ungranted(let lacking) = try fixture.report("tool.py").state else {
                Issue.record("\(try fixture.report("tool.py").state)")
                return
            }
            #expect(lacking.spawn == ["/usr/bin/true"] && lacking.environment == ["TOOLHOST_TEST_GRANTED"])
            return
        }
        let data = fixture.directory.path + "/data"
        for (code, text) in [
            ("open('\(data)/x').read()", "content"), ("open('\(data)/y', 'w').write('abc')", "3"),
            ("open('\(data)/y').read()", "abc"), ("subprocess.run(['/usr/bin/true']).returncode", "0"),
            ("os.environ.get('TOOLHOST_TEST_GRANTED')", "yes"), ("os.environ.get('TOOLHOST_TEST_OTHER')", "None"),
            ("os.environ.get('LC_ALL')", "C.UTF-8"), ("os.environ.get('SWIFT_BACKTRACE')", "None"),
        ] {
            let result = try await fixture.run(code)
            #expect(result.status == .ok && result.text == text, "\(code): \(result.text)")
        }
        for code in ["subprocess.run(['/usr/bin/echo'])", "open('/etc/passwd')", "socket.socket(socket.AF_INET)"] {
            let result = try await fixture.run(code)
            #expect(["Permission denied", "not permitted"].contains(where: result.text.contains), "\(result.text)")
        }
    }

    @Test("memory beyond the limit is an error of the tool, and the next call works")
    func memory() async throws {
        let fixture = try await PythonFixture.make(["tool.py": PythonFixture.evaluator])
        let process = try await fixture.run("os.getpid()").text
        let result = try await fixture.run("len(bytearray(3 << 30))")
        #expect(result.status == .toolError, "\(result)")
        #expect(try await fixture.run("os.getpid()").text == process)
    }
}
