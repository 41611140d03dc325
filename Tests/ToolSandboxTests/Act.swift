import ToolSandbox
import Testing

/// An act of the probe program and its expected outcomes.
struct Act: Sendable, CustomTestStringConvertible {
    /// The object of an act.
    enum Object: Sendable {
        case nothing, file, newFile, directory, port, text(String)

        func argument(in scene: Scene) -> String {
            switch self {
            case .nothing: ""
            case .file: scene.granted + "/file"
            case .newFile: scene.granted + "/new"
            case .directory: scene.granted
            case .port: String(scene.port)
            case .text(let text): text
            }
        }
    }

    let name: String
    let object: Object
    /// The expected error without a grant.
    let refusal: String
    /// The expected outcome with all grants, or nil if it equals ``refusal``.
    let granted: String?
    /// True if an unconfined root can do it on any kernel, which proves that the sandbox is the cause of the error.
    let isPossible: Bool

    init(
        _ name: String,
        on object: Object = .nothing,
        _ refusal: String,
        granted: String? = nil,
        isPossible: Bool = true
    ) {
        self.name = name
        self.object = object
        self.refusal = refusal
        self.granted = granted
        self.isPossible = isPossible
    }

    var testDescription: String { name }
}

extension Act {
    /// The acts that no plugin can do without a grant, and some not even with one.
    static let refused: [Act] = files + network + processes + memory + kernel

    private static let files: [Act] = [
        Act("read file", on: .file, "EACCES", granted: "ok"),
        Act("list directory", on: .directory, "EACCES", granted: "ok"),
        Act("write file", on: .file, "EACCES", granted: "ok"),
        Act("create file", on: .newFile, "EACCES", granted: "ok"),
        Act("empty file", on: .file, "EACCES", granted: "ok"),
        Act("empty file by opening it", on: .file, "EACCES", granted: "ok"),
        Act("write behind 1 GiB", on: .newFile, "EACCES", granted: "EFBIG"),
        Act("remove file", on: .file, "EACCES", granted: "ok"),
        Act("rename file", on: .file, "EACCES", granted: "ok"),
        Act("make directory", on: .newFile, "EACCES", granted: "ok"),
        Act("make link", on: .newFile, "EACCES", granted: "ok"),
        Act("make device", on: .newFile, "EACCES"),
        Act("make socket", on: .newFile, "EACCES"),
        Act("change mode", on: .file, "EPERM"),
        Act("change mode of open file", on: .file, "EACCES", granted: "EPERM"),
        Act("change mode at", on: .file, "EPERM"),
        Act("change mode with flags", on: .file, "EPERM"),
        Act("change mode by descriptor and path", on: .file, "EACCES", granted: "EPERM", isPossible: false),
        Act("create with set-user-ID", on: .newFile, "EACCES", granted: "EPERM"),
        Act("create with set-group-ID", on: .newFile, "EACCES", granted: "EPERM"),
        Act("make node with set-user-ID", on: .newFile, "EACCES", granted: "EPERM"),
        Act("create for all", on: .newFile, "EACCES", granted: "EPERM"),
        Act("create for all by creat", on: .newFile, "EACCES", granted: "EPERM"),
        Act("make directory for all", on: .newFile, "EACCES", granted: "EPERM"),
        Act("make node for all", on: .newFile, "EACCES", granted: "EPERM"),
        Act("make pipe for all", on: .newFile, "EACCES", granted: "EPERM"),
        Act("change owner", on: .file, "EPERM"),
        Act("set time", on: .file, "EPERM"),
        Act("set time of open file", on: .file, "EACCES", granted: "EPERM"),
        Act("set attribute", on: .file, "EPERM", isPossible: false),
        Act("watch file", on: .file, "EPERM"),
        Act("open by handle", on: .file, "EPERM", isPossible: false),
        Act("read file", on: .text("/etc/shadow"), "EACCES"),
        Act("read file", on: .text("/etc/passwd"), "EACCES"),
        Act("read file", on: .text("/proc/1/environ"), "EACCES", isPossible: false),
        Act("list directory", on: .text("/proc"), "EACCES"),
        Act("list directory", on: .text("/proc/self/fd"), "EACCES"),
        Act("list directory", on: .text("/"), "EACCES"),
        Act("list directory", on: .text("/tmp"), "EACCES"),
        Act("list directory", on: .text("/dev"), "EACCES"),
        Act("write file", on: .text("/proc/self/mem"), "EACCES", isPossible: false),
        Act("create file", on: .text("/dev/shm/toolhost-probe"), "EACCES", isPossible: false),
    ]

    private static let network: [Act] = [
        Act("connect", on: .port, "EPERM", granted: "ok"),
        Act("connect over IPv6", on: .port, "EPERM", granted: "ok", isPossible: false),
        Act("connect by sending", on: .port, "EPERM", isPossible: false),
        Act("connect multipath", on: .port, "EPERM", isPossible: false),
        Act("bind", on: .text("0"), "EPERM"),
        Act("listen", "EPERM"),
        Act("put a protocol on top", "EPERM", isPossible: false),
        Act("keep alive", "EPERM", granted: "ok"),
        Act("open UDP", "EPERM"),
        Act("open raw", "EPERM"),
        Act("open netlink", "EPERM"),
        Act("open packet", "EPERM", isPossible: false),
        Act("open crypto", "EPERM", isPossible: false),
        Act("connect Unix", on: .text("/run/any.socket"), "EPERM", isPossible: false),
        Act("connect Unix", on: .text("@any"), "EPERM", isPossible: false),
        Act("make datagram pair", "EPERM"),
    ]

    private static let processes: [Act] = [
        Act("exec", on: .text("/usr/bin/echo"), "EPERM", granted: "ok"),
        Act("run", on: .text("/usr/bin/true"), "EPERM", granted: "ok"),
        Act("exec", on: .text("/bin/sh"), "EPERM", granted: "EACCES", isPossible: false),
        Act("fork", "EPERM", granted: "ok"),
        Act("kill child", "EPERM", granted: "ok"),
        Act("clone3", "ENOSYS"),
        Act("clone into user namespace", "EPERM", isPossible: false),
        Act("clone a sibling", "EPERM", isPossible: false),
        Act("trace", "EPERM"),
        Act("read memory", "EPERM"),
        Act("signal", "EPERM"),
        Act("signal thread", "EPERM"),
        Act("signal thread by number", "EPERM"),
        Act("queue signal", "EPERM"),
        Act("signal everybody", "EPERM"),
        Act("signal through a pipe", "EPERM"),
        Act("renice", "EPERM"),
        Act("renice user", "EPERM"),
        Act("limit", "EPERM"),
        Act("read limit of other", "EPERM"),
        Act("raise own limit", "EPERM"),
        Act("bind to processors", "EPERM"),
        Act("open process", "EPERM"),
        Act("take descriptor", "EPERM"),
        Act("compare processes", "EPERM", isPossible: false),
        Act("start session", "EPERM"),
        Act("join group", "EPERM", isPossible: false),
    ]

    private static let memory: [Act] = [
        Act("take memory", "ENOMEM"),
        Act("take private memory", "ENOMEM"),
        Act("take protected memory", "ENOMEM"),
        Act("take shared memory", "EPERM"),
        Act("take memory that grows downwards", "EPERM"),
        Act("take shared zeroes", "EACCES"),
        Act("take an anonymous file", "EPERM"),
        Act("take huge pages", "EPERM", isPossible: false),
        Act("move the stack", "EPERM"),
        Act("open many", "EMFILE", isPossible: false),
    ]

    private static let kernel: [Act] = [
        Act("make BPF map", "EPERM", isPossible: false),
        Act("count events", "EPERM", isPossible: false),
        Act("make io_uring", "EPERM", isPossible: false),
        Act("share memory segment", "EPERM"),
        Act("share semaphores", "EPERM"),
        Act("share message queue", "EPERM"),
        // The C library maps the error.
        Act("open POSIX queue", "EACCES", isPossible: false),
        Act("make Landlock rules", "EPERM"),
        Act("set capabilities", "EPERM"),
        Act("outlive parent", "EPERM"),
        Act("unshare users", "EPERM", isPossible: false),
        Act("unshare mounts", "EPERM", isPossible: false),
        Act("join namespace", "EPERM", isPossible: false),
        Act("mount", on: .directory, "EPERM", isPossible: false),
        Act("change root", "EPERM", isPossible: false),
        Act("find keys", "EPERM", isPossible: false),
        Act("handle page faults", "EPERM", isPossible: false),
        Act("change personality", "EPERM"),
        Act("be dumpable", "EPERM"),
        Act("change user", "EPERM"),
        Act("change host name", "EPERM", isPossible: false),
        Act("read kernel log", "EPERM", isPossible: false),
        Act("call unknown", "ENOSYS", isPossible: false),
        Act("call x32", "ENOSYS", isPossible: false),
    ]

    /// The acts that every plugin can do.
    static let harmless: [Act] =
        [
            "get identity", "sleep", "find stack", "signal itself", "signal own thread", "renice itself",
            "read own limit",
            "bind itself to processors", "change name", "make stream pair", "take 512 MiB", "have no capabilities",
            "set mask", "move memory",
        ].map { Act($0, "ok") } + [
            Act("start threads", on: .text("1"), "ok"),
            Act("start threads", on: .text("64"), "ok"),
            Act("read file", on: .text("/etc/ld.so.cache"), "ok"),
            Act("read file", on: .text("/dev/urandom"), "ok"),
            Act("read file", on: .text("/proc/self/cmdline"), "ok"),
            Act("read file", on: .text("/proc/self/maps"), "ok"),
            Act("write file", on: .text("/dev/null"), "ok"),
            Act("list directory", on: .text("/usr/share/zoneinfo"), "ok"),
            Act("list directory", on: .text("/usr/lib"), "ok"),
            // The names and sizes of files are visible.
            Act("see file", on: .text("/etc/passwd"), "ok"),
        ]
}
