import CSandbox
import Glibc

/// The confinement of this process, enforced by the kernel.
///
/// Confinement has two steps. Call ``confine(_:plugin:supervise:)`` before any code of the plugin runs, and
/// ``tighten()`` after the plugin has registered. The second step removes permissions that only loading needs.
package struct Sandbox: Sendable {
    /// The restrictions that the kernel enforces.
    package let report: SandboxReport

    private let policy: SystemCallPolicy

    /// Confines this process permanently.
    ///
    /// The process must have a single thread, because Landlock confines only the calling thread and its descendants.
    ///
    /// - Parameters:
    ///   - order: The grants, and the mode for kernels that cannot confine the process.
    ///   - plugin: The real path of the shared library to load. It is not readable if the order has an interpreter,
    ///     which receives open files.
    ///   - start: The program that takes the place of this one afterwards, or nil. It can be started once.
    ///   - supervise: A closure that passes a descriptor to a supervisor and returns true on success. On the
    ///     descriptor, the kernel asks about each process and program that this process or its descendants start. The
    ///     closure receives nil if the kernel cannot ask (before Linux 5.5), and is not called if no program is
    ///     granted.
    /// - Throws: ``SandboxError`` in ``SandboxMode/required`` if a restriction is not enforced. The process is then in
    ///   an undefined state and must exit.
    package static func confine(
        _ order: SandboxOrder,
        plugin: String,
        start: ProgramStart? = nil,
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
            stack: sandbox_stack_address(),
            start: start
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
        // This precedes the limits: the kernel refuses to pass a descriptor while more descriptors than the limit are
        // in flight, and those of the user's other plugins count.
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
            throw SandboxError("The plugin cannot be confined as required. \(report.missing.joined(separator: " "))")
        }
        return Sandbox(report: report, policy: policy)
    }

    /// Removes from all threads the permissions that only loading needs.
    ///
    /// - Throws: ``SandboxError`` if a thread cannot be restricted. The process is then in an undefined state and must
    ///   exit.
    package func tighten() throws(SandboxError) {
        if report.systemCalls { try policy.tighteningProgram.enforce() }
    }

    private static let unsupervised =
        "The kernel did not let the host supervise new processes, which requires Linux 5.5 and system call filters. The "
        + "plugin can start readable programs that are not granted, through the dynamic loader. It can also start more "
        + "processes than allowed, and they can outlive it."

    private static func forbidPrivileges() throws(SandboxError) {
        // Files that the process creates are accessible only to the user.
        umask(0o077)
        // The kernel reports the memory use of the process to the host only while it is dumpable. Core dumps are
        // prevented by ``ResourceLimits``.
        guard sandbox_control(PR_SET_NO_NEW_PRIVS, 1) == 0, sandbox_control(PR_SET_DUMPABLE, 1) == 0 else {
            throw SandboxError("Programs that the plugin starts can gain privileges: \(errorText(errno)).")
        }
    }

    private static func dropCapabilities() throws(SandboxError) {
        guard sandbox_drop_capabilities() == 0 else {
            throw SandboxError("The capabilities of the process were not dropped: \(errorText(errno)).")
        }
    }

    /// Confines access to files, ports, signals and abstract sockets.
    ///
    /// - Returns: The reasons for skipped grants.
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
        func allowStarting(_ program: String) throws(SandboxError) {
            guard !ProgramLoader.isLoader(program) else {
                skipped.append("\(program) is not granted: it is the dynamic loader, which can start any program.")
                return
            }
            try allow([.execute, .readFile], [program])
            for helper in ProgramLoader.helpers(of: program) {
                try rules.allow([.execute, .readFile], onSystemPath: helper.path)
            }
        }
        if let interpreter = order.interpreter {
            try allow(.reading, interpreter.readable)
            try allowStarting(interpreter.program)
        } else {
            try allow(.reading, [plugin])
        }
        try allow(.reading, order.libraries + grants.read)
        try allow(.writing, grants.write)
        for program in grants.spawn { try allowStarting(program) }
        for port in grants.connect { try rules.allowConnecting(to: port) }
        try rules.enforce()
        return skipped
    }
}
