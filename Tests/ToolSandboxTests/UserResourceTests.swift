import Foundation
import TestSupport
import Testing
import ToolSandbox

/// Tests for resources that a plugin could exhaust for all programs of its user.
@Suite("Resources that the kernel counts per user", .timeLimit(.minutes(10)))
struct UserResourceTests {
    struct Resource: Sendable, CustomTestStringConvertible {
        /// The kernel's name of the counter, as in `/proc/sys/user`, or a description.
        let counter: String
        let act: Act

        init(_ counter: String, _ act: Act) { (self.counter, self.act) = (counter, act) }

        var testDescription: String { "\(counter): \(act.name)" }
    }

    private static func space(_ counter: String, _ flag: String) -> Resource {
        Resource(counter, Act("unshare", on: .text(flag), "EPERM", isPossible: false))
    }

    private static let systemFile = Act.Object.text("/etc/ld.so.cache")

    static let resources = [
        space("max_user_namespaces", "0x10000000"), space("max_pid_namespaces", "0x20000000"),
        space("max_net_namespaces", "0x40000000"), space("max_ipc_namespaces", "0x08000000"),
        space("max_uts_namespaces", "0x04000000"), space("max_cgroup_namespaces", "0x02000000"),
        space("max_mnt_namespaces", "0x00020000"), space("max_time_namespaces", "0x00000080"),
        Resource("max_inotify_instances", Act("make inotify", "EPERM")),
        Resource("max_inotify_watches", Act("watch file", on: .file, "EPERM")),
        Resource("max_fanotify_groups", Act("make fanotify", "EPERM", isPossible: false)),
        Resource("max_fanotify_marks", Act("make fanotify", "EPERM", isPossible: false)),
        Resource("RLIMIT_SIGPENDING", Act("queue many signals", "EAGAIN")),
        Resource("RLIMIT_SIGPENDING", Act("make many timers", "EAGAIN")),
        Resource("RLIMIT_MSGQUEUE", Act("open POSIX queue", "EACCES", isPossible: false)),
        Resource("RLIMIT_MEMLOCK", Act("lock 64 MiB of memory", "ENOMEM")),
        Resource("RLIMIT_NPROC", Act("fork", "EPERM", granted: "ok")),
        Resource("descriptors in flight", Act("send many descriptors", "ETOOMANYREFS")),
        Resource("pages of pipes", Act("enlarge a pipe", "EPERM")),
        Resource("keys", Act("add a key", "EPERM", isPossible: false)),
        Resource("keys", Act("request a key", "EPERM", isPossible: false)),
        Resource("keys", Act("find keys", "EPERM", isPossible: false)),
        Resource("System V shared memory", Act("share memory segment", "EPERM")),
        Resource("System V semaphores", Act("share semaphores", "EPERM")),
        Resource("System V message queues", Act("share message queue", "EPERM")),
        Resource("terminals", Act("open a terminal", "EACCES", isPossible: false)),
        Resource("rings", Act("make io_uring", "EPERM", isPossible: false)),
        Resource("BPF memory", Act("make BPF map", "EPERM", isPossible: false)),
        Resource("perf memory", Act("count events", "EPERM", isPossible: false)),
        Resource("huge pages", Act("take huge pages", "EPERM", isPossible: false)),
        // The kernel does not count locks. The host counts the locks on granted files.
        Resource("locks", Act("lock part of a file", on: systemFile, "EPERM", granted: "ok")),
        Resource("locks", Act("lock part of a file", on: .file, "EACCES", granted: "ok")),
        Resource("locks", Act("lock part of a file for a descriptor", on: systemFile, "EPERM")),
        Resource("locks", Act("lock a file", on: systemFile, "EPERM", granted: "ok")),
    ]

    @Test("a confined process cannot exhaust the resource", arguments: resources, Probe.User.available)
    func isBounded(resource: Resource, user: Probe.User) throws {
        let scene = try Scene(for: user)
        let (act, argument) = (resource.act, resource.act.object.argument(in: scene))
        #expect(try Probe(scene: scene, user: user).run(act.name, argument).outcome == act.refusal)
        let all = Probe(scene: scene, user: user, grants: scene.everything)
        #expect(try all.run(act.name, argument).outcome == act.granted ?? act.refusal)
    }

    @Test(
        "an unconfined root process can use the resource",
        .enabled(if: geteuid() == 0),
        arguments: resources.filter(\.act.isPossible)
    )
    func isPossible(resource: Resource) throws {
        let scene = try Scene()
        let argument = resource.act.object.argument(in: scene)
        #expect(try Probe(scene: scene, mode: .off).run(resource.act.name, argument).outcome == "ok")
    }

    @Test("the tests cover all counters of this system's kernel")
    func noneOfThisKernelIsMissingHere() throws {
        let counters = try FileManager.default.contentsOfDirectory(atPath: "/proc/sys/user")
        #expect(Set(counters).subtracting(Self.resources.map(\.counter)) == [])
    }
}
