import CSandbox
import Glibc

/// The kernel's confinement of this process: what it may touch is decided by the kernel, not by its author's word.
///
/// It comes in two steps. ``confine(_:plugin:)`` goes before any code of the plugin; ``tighten()`` goes after its
/// registration, and takes away what only the first steps need.
package struct Sandbox: Sendable {
    /// What is really enforced.
    package let report: SandboxReport

    private let policy: SystemCallPolicy

    /// Confines this process for ever.
    ///
    /// It must have one thread only: Landlock binds the thread that asks for it.
    ///
    /// - Parameters:
    ///   - order: What is granted, and what to do where the kernel cannot confine it.
    ///   - plugin: The real path of the shared library that is to be loaded.
    ///   - supervise: Passes the descriptor on which the kernel asks about each process and program that this process or
    ///     its descendants start to a supervisor, and returns true if it has it. It is called with nil where the kernel
    ///     cannot ask (before Linux 5.5), and not at all where no program is granted.
    /// - Throws: In ``SandboxMode/required``, where anything is not enforced. The process is not fit for use then.
    package static func confine(
        _ order: SandboxOrder,
        plugin: String,
        supervise: ((Int32?) -> Bool)? = nil
    ) throws(SandboxError) -> Sandbox {
        let grants = order.grants
        let version = SandboxReport.landlockVersion
        var policy = SystemCallPolicy(
            process: getpid(),
            leadsGroup: getpgrp() == getpid(),
            mayWrite: !grants.write.isEmpty,
            mayConnect: !grants.connect.isEmpty,
            maySpawn: !grants.spawn.isEmpty,
            mayLock: !grants.read.isEmpty || !grants.write.isEmpty,
            landlockVersion: 0,
            stack: sandbox_stack_address()
        )
        var report = SandboxReport()
        report.landlockABI = version
        guard order.mode != .off else {
            report.missing = ["The sandbox is switched off."]
            return Sandbox(report: report, policy: policy)
        }
        var failures: [String] = []
        func attempt(_ step: () throws(SandboxError) -> Void) -> Bool {
            do throws(SandboxError) {
                try step()
                return true
            } catch {
                failures.append(error.message)
                return false
            }
        }
        let gainsNothing = attempt(forbidPrivileges)
        // Before the limits: a descriptor is not passed on while more than the limit of files is on its way, and other
        // plugins of the user's count.
        if policy.maySpawn, let supervise {
            let listener = SandboxReport.hasFilters ? SystemCallPolicy.supervisedProgram.enforceSupervised() : nil
            if !supervise(listener) { failures.append(Self.unsupervised) }
        }
        report.limits = attempt(ResourceLimits(grants).enforce)
        if let version {
            let isConfined = attempt { () throws(SandboxError) in
                report.skipped = try confineFiles(order, plugin, version)
            }
            if isConfined { policy.landlockVersion = version }
        }
        report.capabilities = attempt(dropCapabilities) && gainsNothing
        if SandboxReport.hasFilters { report.systemCalls = attempt(policy.program.enforce) }
        report.conclude(landlock: policy.landlockVersion, mayConnect: policy.mayConnect)
        report.missing += failures
        guard order.mode != .required || report.isComplete && failures.isEmpty else {
            throw SandboxError(
                "It cannot be confined as required. \(report.missing.joined(separator: " ")) "
                    + "Use --sandbox best-effort to run it all the same."
            )
        }
        return Sandbox(report: report, policy: policy)
    }

    /// Takes away, from all threads, what was needed to get here.
    ///
    /// - Throws: Where a thread has escaped. The process is not fit for use then.
    package func tighten() throws(SandboxError) {
        if report.systemCalls { try policy.tighteningProgram.enforce() }
    }

    private static let unsupervised =
        "It may start programs that are not granted but can be read, by way of the dynamic loader, and more processes than "
        + "it should, and these may outlive it. The kernel did not let toolhost supervise new processes (it takes Linux "
        + "5.5 and system call filters)."

    private static func forbidPrivileges() throws(SandboxError) {
        // Files that it creates are readable by the user alone.
        umask(0o077)
        // The kernel tells the host how much memory the process uses only while it is dumpable. No core of it is written
        // all the same: see ``ResourceLimits``.
        guard sandbox_control(PR_SET_NO_NEW_PRIVS, 1) == 0, sandbox_control(PR_SET_DUMPABLE, 1) == 0 else {
            throw SandboxError("Programs that it runs may gain privileges: \(errorText(errno)).")
        }
    }

    private static func dropCapabilities() throws(SandboxError) {
        guard sandbox_drop_capabilities() == 0 else {
            throw SandboxError("Capabilities are not dropped: \(errorText(errno)).")
        }
    }

    /// Confines files, ports, signals and abstract sockets.
    ///
    /// - Returns: The reasons why grants are left out.
    private static func confineFiles(
        _ order: SandboxOrder,
        _ plugin: String,
        _ version: Int
    ) throws(SandboxError) -> [String] {
        let grants = order.grants
        let rules = try LandlockRules(version: version)
        for path in RuntimeFiles.paths() { try rules.allow(.reading, onSystemPath: path) }
        try rules.allow([.readFile, .writeFile, .truncate], onSystemPath: RuntimeFiles.nowhere)
        if !grants.connect.isEmpty {
            for path in RuntimeFiles.certificates { try rules.allow(.reading, onSystemPath: path) }
        }
        var skipped: [String] = []
        func allow(_ rights: FileRights, _ paths: [String]) throws(SandboxError) {
            for path in paths {
                if let reason = try rules.allow(rights, onRealPath: path) { skipped.append(reason) }
            }
        }
        try allow(.reading, [plugin] + order.libraries + grants.read)
        try allow(.writing, grants.write)
        for program in grants.spawn {
            guard !ProgramLoader.isLoader(program) else {
                skipped.append("\(program) is the dynamic loader, which can start any program, and is not granted.")
                continue
            }
            try allow([.execute, .readFile], [program])
            for helper in ProgramLoader.helpers(of: program) {
                try rules.allow([.execute, .readFile], onSystemPath: helper.path)
            }
        }
        for port in grants.connect { try rules.allowConnecting(to: port) }
        try rules.enforce()
        return skipped
    }
}
