import CWorker
import Glibc
import ToolRuntime
import ToolSandbox

/// The process group of a worker: the worker itself, the programs that it starts, and its guard.
///
/// The kernel's limits apply to each process separately, and omit pages that were written and then made read-only.
struct ProcessGroup: Sendable {
    /// The resources that the processes may use together.
    struct Bounds: Sendable {
        /// Bytes of memory, or nil for no limit.
        var memory: UInt64?
        /// The number of processes, the worker included.
        var processes = 1
        /// True if the worker could start a process.
        var canFork = false
        /// True if the worker can lock files.
        var canLock = false
    }

    /// The maximum number of threads: enough for a tool, and few enough for the user's other programs to get theirs.
    private static let maximumThreads = 1024
    /// The maximum number of files that several processes have open; each may be a socket with full buffers.
    private static let maximumDescriptors = 1024
    /// The maximum number of locks on files.
    ///
    /// They take memory of the kernel that none of its limits counts.
    private static let maximumLocks = 1000

    let leader: pid_t
    let bounds: Bounds

    /// Returns a sentence about the first bound that is exceeded, or nil.
    ///
    /// - Parameters:
    ///   - mayTakeLong: True if shared pages may be divided among the processes that share them, which takes
    ///     milliseconds for a large process. If false, a sum that exceeds the bound only by shared pages is not
    ///     reported.
    ///   - countsLocks: True if the locks on files are counted, too.
    ///   - tookLong: Set to true if shared pages were divided.
    func excess(mayTakeLong: Bool, countsLocks: Bool, tookLong: inout Bool) -> String? {
        var members = [leader]
        if bounds.canFork {
            // The guard is a member of the group.
            let maximum = bounds.processes + 1
            var found = [pid_t](repeating: 0, count: maximum)
            let count = Int(worker_group(leader, &found, Int32(maximum)))
            if count > maximum { return "It had more than \(bounds.processes) processes." }
            if count > 0 { members = Array(found.prefix(count)) }
        }
        let uses = members.compactMap { process in
            var use = worker_usage()
            return worker_measure(process, &use) == 0 ? (process: process, use: use) : nil
        }
        if uses.reduce(0, { $0 + Int($1.use.threads) }) > Self.maximumThreads {
            return "It had more than \(Self.maximumThreads) threads."
        }
        if uses.count > 1, uses.reduce(0, { $0 + Int($1.use.descriptors) }) > Self.maximumDescriptors,
            members.reduce(0, { $0 + Int(worker_descriptors($1)) }) > Self.maximumDescriptors
        {
            return "Its processes had more than \(Self.maximumDescriptors) open files."
        }
        if countsLocks, bounds.canLock,
            worker_file_locks(members, Int32(members.count), Int32(Self.maximumLocks)) > Self.maximumLocks
        {
            return "It held more than \(Self.maximumLocks) locks on files."
        }
        guard let memory = bounds.memory else { return nil }
        let limit = memory.addingReportingOverflow(Self.slack(memory))
        let most = limit.overflow ? UInt64.max : limit.partialValue
        guard uses.reduce(0, { $0 &+ $1.use.memory }) > most else { return nil }
        if uses.count > 1 {
            guard mayTakeLong else { return nil }
            tookLong = true
            guard Self.share(uses) > most else { return nil }
        }
        return "It used more than \(Self.words(memory)) of memory."
    }

    /// The allowance for what the kernel's limit omits: the stack, page tables, and what libraries write when they are
    /// loaded.
    private static func slack(_ memory: UInt64) -> UInt64 { 24 << 20 + memory >> 7 }

    /// The memory of several processes, with shared pages counted once.
    ///
    /// Memory whose sharing cannot be read counts in full.
    private static func share(_ uses: [(process: pid_t, use: worker_usage)]) -> UInt64 {
        uses.reduce(0) { sum, member in
            // A child between vfork and exec shares its parent's memory.
            let isPart = uses.contains { other in
                other.process == member.use.parent && worker_shares_memory(member.process, other.process) != 0
            }
            if isPart { return sum }
            let share = worker_share(member.process)
            guard share == 0 else { return sum &+ share }
            // The process may have exited or started another program by now.
            var use = worker_usage()
            return worker_measure(member.process, &use) == 0 ? sum &+ use.memory : sum
        }
    }

    private static func words(_ bytes: UInt64) -> String {
        bytes % (1 << 30) == 0 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
    }
}

extension ProcessGroup.Bounds {
    /// The bounds for a worker with grants.
    init(_ granted: PluginPermissions, _ settings: WorkerSettings) {
        let grants = granted.sandboxGrants
        guard settings.workers.sandbox != .off else { return }
        memory = grants.memoryBytes ?? SandboxGrants.defaultMemoryBytes
        processes = grants.spawn.isEmpty ? 1 : settings.limits.processes
        // Without a filter of system calls the worker can fork without a grant.
        canFork = !grants.spawn.isEmpty || !Self.hasFilters
        canLock = !grants.read.isEmpty || !grants.write.isEmpty
    }

    private static let hasFilters = SandboxReport.probing().systemCalls
}
