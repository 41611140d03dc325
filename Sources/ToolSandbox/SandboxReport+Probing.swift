import CSandbox

extension SandboxReport {
    /// Returns the restrictions that this kernel can enforce, without changing the process.
    public static func probing() -> SandboxReport {
        var report = SandboxReport()
        report.landlockABI = landlockVersion
        report.limits = true
        report.capabilities = true
        report.systemCalls = hasFilters
        report.conclude(landlock: landlockVersion ?? 0, mayConnect: true)
        return report
    }

    /// The version of the kernel's Landlock, or nil if it has none.
    static var landlockVersion: Int? {
        let version = sandbox_landlock_version()
        return version > 0 ? Int(version) : nil
    }

    /// True if system calls can be filtered.
    static var hasFilters: Bool {
        SystemCallPolicy.isAvailable && sandbox_has_filters() != 0
    }

    /// Derives the protected resources from the active mechanisms, and adds sentences about missing protection.
    mutating func conclude(landlock version: Int, mayConnect: Bool) {
        files = version >= 3
        network = systemCalls && (version >= 4 || !mayConnect)
        scope = systemCalls || version >= 6
        if !systemCalls {
            missing.append(
                SystemCallPolicy.isAvailable
                    ? "This kernel does not support system call filters (seccomp), or a container forbids them. "
                        + "Only TCP connections are restricted, and the plugin can reach other processes."
                    : "System call filters are not supported on this processor. Only TCP connections are restricted."
            )
        }
        switch version {
        case ..<1:
            missing.append(
                "This kernel has no Landlock, or was started without it. The plugin can read the user's files. "
                    + "Full protection needs Linux 6.7."
            )
        case ..<3:
            missing.append(
                "This kernel's Landlock (version \(version)) does not prevent truncating a readable file. Linux 6.2 does."
            )
        default:
            break
        }
        if version < 4, mayConnect {
            missing.append(
                "This kernel's Landlock does not distinguish ports, so a grant of one port grants all. Linux 6.7 does."
            )
        }
    }
}
