import Glibc
import Testing
import ToolSandbox

/// The start of a program in place of a confined process.
@Suite("The start of an interpreter", .timeLimit(.minutes(5)))
struct ProgramStartTests {
    /// A probe that confines itself, and then starts another probe that does one act.
    private static func probe(_ user: Probe.User, grants: SandboxGrants = SandboxGrants()) throws -> Probe {
        let scene = try Scene(for: user)
        let interpreter = SandboxInterpreter(program: scene.program)
        return Probe(scene: scene, user: user, grants: grants, options: ["group"], interpreter: interpreter)
    }

    @Test(
        "a program that was started in place of a confined process is confined and cannot start programs",
        arguments: [
            ("get identity", "", "ok"), ("start threads", "4", "ok"), ("have no capabilities", "", "ok"),
            ("read file", "/etc/ld.so.cache", "ok"),
            ("exec", "/bin/echo", "EPERM"), ("exec", "SELF", "EPERM"), ("exec at", "SELF", "EPERM"),
            ("run", "/bin/true", "EPERM"), ("run", "SELF", "EPERM"), ("fork", "", "EPERM"), ("clone3", "", "ENOSYS"),
            ("read file", "/etc/passwd", "EACCES"), ("read file", "PLUGIN", "EACCES"),
            ("raise own limit", "", "EPERM"), ("trace", "", "EPERM"), ("bind", "0", "EPERM"),
            ("take memory", "", "ENOMEM"),
        ],
        Probe.User.available
    )
    func isConfined(act: (name: String, argument: String, outcome: String), user: Probe.User) throws {
        let probe = try Self.probe(user)
        let argument =
            switch act.argument {
            case "SELF": probe.scene.program
            case "PLUGIN": probe.scene.plugin
            default: act.argument
            }
        let result = try probe.run("start", "confined", act.name, argument)
        #expect(result.outcome == act.outcome)
        #expect(try result.report.isComplete)
    }

    @Test("a started program with a spawn grant can start the granted programs", arguments: Probe.User.available)
    func spawns(user: Probe.User) throws {
        let probe = try Self.probe(user, grants: SandboxGrants(spawn: ["/usr/bin/true"]))
        #expect(try probe.run("start", "confined", "run", "/usr/bin/true").outcome == "ok")
        #expect(try probe.run("start", "confined", "run", "/usr/bin/echo").outcome == "EACCES")
    }

    @Test("a started program can read the granted directories of its interpreter and no others")
    func readable() throws {
        var probe = try Self.probe(.current)
        probe.interpreter?.readable = [probe.scene.other]
        #expect(try probe.run("start", "confined", "read file", probe.scene.other + "/file").outcome == "ok")
        #expect(try probe.run("start", "confined", "write file", probe.scene.other + "/file").outcome == "EACCES")
        #expect(try probe.run("start", "confined", "read file", probe.scene.granted + "/file").outcome == "EACCES")
    }

    @Test("an unconfined process also starts the program", arguments: [SandboxMode.off, .bestEffort])
    func unconfined(mode: SandboxMode) throws {
        var probe = try Self.probe(.current)
        probe.mode = mode
        probe.options += ["no-landlock", "no-filters"]
        #expect(try probe.run("start", "confined", "read file", "/etc/passwd").outcome == "ok")
    }

    @Test("a program that cannot be started is an error with the reason")
    func missing() throws {
        var probe = try Self.probe(.current)
        probe.interpreter?.program = probe.scene.granted + "/missing"
        let result = try probe.run("start", "confined", "get identity", "")
        #expect(result.status == 1)
        #expect(result.lines.last == "The program was not started: No such file or directory.")
    }

    private static let python = "/usr/bin/python3"

    @Test(
        "a Python interpreter runs in place of a confined process",
        .enabled(if: access(python, X_OK) == 0, "there is no /usr/bin/python3"),
        arguments: [
            ("1 + 1", "2"), ("os.environ['PROBE']", "1"), ("os.environ.get('PATH')", "None"),
            ("os.execv(sys.executable, ['x'])", "EPERM"), ("os.execv('/bin/true', ['x'])", "EPERM"),
            ("os.fork()", "EPERM"), ("subprocess.run(['/bin/true'])", "EPERM"), ("open('/etc/passwd')", "EACCES"),
            ("socket.socket(socket.AF_INET)", "EPERM"), ("open('/tmp/x', 'w')", "EACCES"),
            ("mmap.mmap(-1, 9)", "EPERM"),
            ("threading.Thread(target=print).start()", "None"),
        ],
        Probe.User.available
    )
    func runsPython(row: (expression: String, outcome: String), user: Probe.User) throws {
        let scene = try Scene(for: user)
        guard let real = realpath(Self.python, nil) else { throw Probe.Failure(description: "no real path") }
        defer { free(real) }
        let program = SandboxInterpreter(program: String(cString: real))
        let probe = Probe(scene: scene, user: user, options: ["group"], interpreter: program)
        let script = """
            import errno, mmap, os, socket, subprocess, sys, threading
            sys.executable = '\(program.program)'
            try: print(\(row.expression))
            except OSError as error: print(errno.errorcode[error.errno])
            """
        #expect(try probe.run("start", "-I", "-B", "-X", "utf8", "-c", script).outcome == row.outcome)
    }
}
