import Glibc
import TestSupport
import Testing
import ToolSandbox

@Suite("Confinement", .timeLimit(.minutes(10)))
struct ConfinementTests {
    @Test("a confined process without a grant cannot do the act", arguments: Act.refused, Probe.User.available)
    func isRefused(act: Act, user: Probe.User) throws {
        let scene = try Scene(for: user)
        let result = try Probe(scene: scene, user: user).run(act.name, act.object.argument(in: scene))
        #expect(result.outcome == act.refusal)
    }

    @Test(
        "a confined process with all grants can do only the acts that they cover",
        arguments: Act.refused,
        Probe.User.available
    )
    func isGranted(act: Act, user: Probe.User) throws {
        let scene = try Scene(for: user)
        let probe = Probe(scene: scene, user: user, grants: scene.everything)
        let result = try probe.run(act.name, act.object.argument(in: scene))
        #expect(result.outcome == act.granted ?? act.refusal)
    }

    @Test(
        "an unconfined root process can do the act",
        .enabled(if: geteuid() == 0),
        arguments: Act.refused.filter(\.isPossible)
    )
    func isPossible(act: Act) throws {
        let scene = try Scene()
        let probe = Probe(scene: scene, mode: .off)
        #expect(try probe.run(act.name, act.object.argument(in: scene)).outcome == "ok")
    }

    @Test("a confined process can do the acts that every program needs", arguments: Act.harmless, Probe.User.available)
    func isHarmless(act: Act, user: Probe.User) throws {
        let scene = try Scene(for: user)
        let probe = Probe(scene: scene, user: user, options: ["tighten", "group"])
        #expect(try probe.run(act.name, act.object.argument(in: scene)).outcome == act.refusal)
    }

    @Test("a confined process can map the plugin", arguments: Probe.User.available)
    func plugin(user: Probe.User) throws {
        let scene = try Scene(for: user)
        let result = try Probe(scene: scene, user: user).run("map executable", scene.plugin)
        #expect(result.outcome == "ok")
    }

    @Test(
        "a grant permits exactly the acts of its kind",
        arguments: [
            ("read", "read file", "ok"), ("read", "write file", "EACCES"), ("read", "create file", "EACCES"),
            ("read", "empty file by opening it", "EACCES"), ("read", "change mode of open file", "EPERM"),
            ("write", "read file", "EACCES"), ("write", "write file", "ok"), ("write", "list directory", "EACCES"),
            ("connect", "connect", "ok"), ("connect", "connect elsewhere", "EACCES"), ("connect", "fork", "EPERM"),
            ("connect", "read file", "EACCES"), ("spawn", "run", "ok"), ("spawn", "run another", "EACCES"),
            ("spawn", "connect", "EPERM"), ("spawn", "signal", "EPERM"), ("spawn", "read file", "EACCES"),
        ]
    )
    func exactly(grant: String, act: String, outcome: String) throws {
        let scene = try Scene()
        var grants = SandboxGrants()
        switch grant {
        case "read": grants.read = [scene.granted]
        case "write": grants.write = [scene.granted]
        case "connect": grants.connect = [scene.port]
        default: grants.spawn = ["/usr/bin/true"]
        }
        let probe = Probe(scene: scene, grants: grants)
        let result =
            switch act {
            case "connect": try probe.run(act, String(scene.port))
            case "connect elsewhere": try probe.run("connect", String(scene.otherPort))
            case "run": try probe.run(act, "/usr/bin/true")
            case "run another": try probe.run("run", "/usr/bin/echo")
            case "list directory": try probe.run(act, scene.granted)
            case "create file": try probe.run(act, scene.granted + "/new")
            default: try probe.run(act, scene.granted + "/file")
            }
        #expect(result.outcome == outcome)
    }

    @Test("a grant does not extend beyond its directory, even through links")
    func aGrantEndsAtItsDirectory() throws {
        let scene = try Scene()
        let probe = Probe(scene: scene, grants: scene.everything)
        for path in [scene.other + "/file", scene.granted + "/../other/file", scene.granted + "/link/file"] {
            #expect(try probe.run("read file", path).outcome == "EACCES", "\(path)")
            #expect(try probe.run("write file", path).outcome == "EACCES", "\(path)")
        }
    }

    @Test("a grant can cover a single file")
    func aGrantMayBeOneFile() throws {
        let scene = try Scene()
        let probe = Probe(scene: scene, grants: SandboxGrants(read: [scene.granted + "/file"]))
        #expect(try probe.run("read file", scene.granted + "/file").outcome == "ok")
        #expect(try probe.run("list directory", scene.granted).outcome == "EACCES")
    }

    @Test("a grant of a symbolic link or a missing file is skipped with the reason")
    func aLinkIsNotGranted() throws {
        let scene = try Scene()
        let grants = SandboxGrants(read: [scene.granted + "/link"], write: [scene.granted + "/missing"])
        let result = try Probe(scene: scene, grants: grants).run("read file", scene.other + "/file")
        #expect(result.outcome == "EACCES")
        let skipped = try result.report.skipped
        #expect(skipped.count == 2)
        #expect(skipped.first?.contains("/link is not granted: it is or contains a symbolic link") == true)
        #expect(skipped.last?.contains("/missing is not granted: No such file or directory.") == true)
    }

    @Test("a granted script can run with its interpreter")
    func aScriptRunsWithItsInterpreter() throws {
        let scene = try Scene()
        let script = try scene.script("script", "#! /bin/sh\nexit 0\n")
        let probe = Probe(scene: scene, grants: SandboxGrants(spawn: [script]))
        #expect(try probe.run("run", script).outcome == "ok")
    }

    @Test("a process can use only the granted memory", arguments: [(256, "ENOMEM"), (4096, "ok")])
    func memory(mebibytes: UInt64, outcome: String) throws {
        let scene = try Scene()
        let grants = SandboxGrants(memoryBytes: mebibytes << 20)
        #expect(try Probe(scene: scene, grants: grants).run("take memory").outcome == outcome)
    }

    @Test("a process cannot install further filters after tightening", arguments: Probe.User.available)
    func tightens(user: Probe.User) throws {
        let scene = try Scene(for: user)
        #expect(try Probe(scene: scene, user: user).run("filter system calls").outcome == "ok")
        #expect(try Probe(scene: scene, user: user).run("filter system calls of one thread").outcome == "EPERM")
        let tightened = Probe(scene: scene, user: user, options: ["tighten"])
        #expect(try tightened.run("filter system calls").outcome == "EPERM")
        let spawning = Probe(scene: scene, user: user, grants: scene.everything, options: ["tighten"])
        #expect(try spawning.run("run", "/usr/bin/true").outcome == "ok")
    }

    @Test("a process can signal its group only if it leads the group", arguments: [("", "EPERM"), ("group", "ok")])
    func groups(option: String, outcome: String) throws {
        let scene = try Scene()
        let probe = Probe(scene: scene, options: ["victim", option])
        #expect(try probe.run("signal own group").outcome == outcome)
    }
}
