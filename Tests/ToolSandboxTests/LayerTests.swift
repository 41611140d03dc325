import TestSupport
import Testing
import ToolJSON
import ToolSandbox

/// The sandbox on a kernel that lacks a feature: an outer filter answers its calls with `ENOSYS`.
@Suite("The sandbox on a kernel that lacks a feature", .timeLimit(.minutes(10)))
struct LayerTests {
    private static let parts = ["no-landlock", "no-filters", "no-landlock,no-filters"]

    @Test(
        "the sandbox refuses to confine a process if it is required, with the reason",
        arguments: parts,
        Probe.User.available
    )
    func required(option: String, user: Probe.User) throws {
        let result = try Probe(scene: try Scene(for: user), user: user, options: [option]).run("sleep")
        #expect(result.status == 1)
        let message = String(result.lines.last ?? "")
        #expect(message.hasPrefix("The plugin cannot be confined as required. This kernel"))
    }

    @Test(
        "the sandbox refuses to let a process start programs if they cannot be supervised and the sandbox is required",
        arguments: Probe.User.available
    )
    func unsupervised(user: Probe.User) throws {
        let scene = try Scene(for: user)
        let options = ["unsupervised"]
        let refused = try Probe(scene: scene, user: user, grants: scene.everything, options: options).run("sleep")
        #expect(refused.status == 1)
        #expect(refused.lines.last?.contains("did not let the host supervise new processes") == true)
        // A process that may start no program needs no supervision.
        #expect(try Probe(scene: scene, user: user, options: options).run("sleep").report.isComplete)
    }

    @Test("the sandbox enforces everything if the kernel lacks nothing", arguments: Probe.User.available)
    func complete(user: Probe.User) throws {
        let report = try Probe(scene: try Scene(for: user), user: user).run("sleep").report
        #expect(report.isComplete)
        #expect(report.missing.isEmpty && report.skipped.isEmpty)
        #expect(report.landlockABI ?? 0 >= 1)
    }

    @Test("the sandbox confines by system call filters alone if there is no Landlock", arguments: Probe.User.available)
    func filterAlone(user: Probe.User) throws {
        let scene = try Scene(for: user)
        let probe = Probe(scene: scene, user: user, mode: .bestEffort, options: ["victim", "no-landlock"])
        let report = try probe.run("sleep").report
        #expect(report.landlockABI == nil)
        #expect(!report.files && report.network && report.scope && report.systemCalls && report.limits)
        #expect(report.missing.count == 1)
        #expect(report.missing.first?.hasPrefix("This kernel has no Landlock") == true)
        let file = scene.granted + "/file"
        for (act, argument, outcome) in [
            ("read file", file, "ok"), ("write file", file, "EACCES"), ("remove file", file, "EACCES"),
            ("empty file by opening it", file, "EACCES"), ("create file", file + "2", "EACCES"),
            ("connect", String(scene.port), "EPERM"), ("signal", "", "EPERM"), ("run", "/usr/bin/true", "EPERM"),
            ("take memory", "", "ENOMEM"),
        ] {
            #expect(try probe.run(act, argument).outcome == outcome, "\(act)")
        }
    }

    @Test("the sandbox grants what only Landlock could restrict if there is no Landlock")
    func grantsWithoutLandlock() throws {
        let scene = try Scene()
        let probe = Probe(scene: scene, mode: .bestEffort, grants: scene.everything, options: ["no-landlock"])
        let report = try probe.run("sleep").report
        #expect(!report.network)
        #expect(report.missing.contains { $0.contains("a grant of one port grants all") })
        #expect(try probe.run("write file", scene.granted + "/file").outcome == "ok")
        #expect(try probe.run("connect", String(scene.port)).outcome == "ok")
        #expect(try probe.run("run", "/usr/bin/true").outcome == "ok")
    }

    @Test("the sandbox confines by Landlock alone if there are no system call filters", arguments: Probe.User.available)
    func landlockAlone(user: Probe.User) throws {
        let scene = try Scene(for: user)
        let probe = Probe(scene: scene, user: user, mode: .bestEffort, options: ["victim", "no-filters", "tighten"])
        let report = try probe.run("sleep").report
        #expect(report.files && !report.network && !report.systemCalls && report.limits && report.capabilities)
        #expect(report.missing.first?.contains("(seccomp)") == true)
        let file = scene.granted + "/file"
        for (act, argument, outcome) in [
            ("read file", file, "EACCES"), ("write file", file, "EACCES"), ("create file", file + "2", "EACCES"),
            ("run", "/usr/bin/true", "EACCES"), ("connect", String(scene.port), "EACCES"), ("bind", "0", "EACCES"),
            ("signal", "", "EPERM"), ("trace", "", "EPERM"), ("raise own limit", "", "EPERM"),
            ("take memory", "", "ENOMEM"), ("open UDP", "", "ok"),
        ] {
            #expect(try probe.run(act, argument).outcome == outcome, "\(act)")
        }
    }

    @Test("the sandbox confines nothing if it is switched off")
    func switchedOff() throws {
        let scene = try Scene()
        let probe = Probe(scene: scene, mode: .off, options: ["tighten"])
        let report = try probe.run("sleep").report
        #expect(!report.files && !report.network && !report.systemCalls && !report.limits && !report.capabilities)
        #expect(report.missing == ["The sandbox is switched off."])
        #expect(try probe.run("read file", "/etc/passwd").outcome == "ok")
    }

    @Test("the sandbox reports its missing features when it is probed, and confines nothing", arguments: [""] + parts)
    func probing(option: String) throws {
        let probe = Probe(scene: try Scene(), mode: .off, options: [option])
        let result = try probe.run("probe")
        let report = SandboxReport(try JSON(parsing: String(result.lines.last ?? "")))
        #expect(report.isComplete == option.isEmpty)
        #expect(report.missing.isEmpty == option.isEmpty)
        #expect((report.landlockABI == nil) == option.contains("no-landlock"))
        #expect(report.systemCalls != option.contains("no-filters"))
    }
}
