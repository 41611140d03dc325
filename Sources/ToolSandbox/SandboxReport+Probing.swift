import CSandbox

extension SandboxReport {
    /// Tells what this kernel can enforce, and changes nothing.
    public static func probing() -> SandboxReport {
        var report = SandboxReport()
        report.landlockABI = landlockVersion
        report.limits = true
        report.capabilities = true
        report.systemCalls = hasFilters
        report.conclude(landlock: landlockVersion ?? 0, mayConnect: true)
        return report
    }

    /// The version of the kernel's Landlock; `nil` where it has none.
    static var landlockVersion: Int? {
        let version = sandbox_landlock_version()
        return version > 0 ? Int(version) : nil
    }

    /// Whether system calls can be filtered.
    static var hasFilters: Bool {
        SystemCallPolicy.isAvailable && sandbox_has_filters() != 0
    }

    /// Draws from what is in force what that protects, and says what is not protected.
    mutating func conclude(landlock version: Int, mayConnect: Bool) {
        files = version >= 3
        network = systemCalls && (version >= 4 || !mayConnect)
        scope = systemCalls || version >= 6
        if !systemCalls {
            missing.append(
                SystemCallPolicy.isAvailable
                    ? "This kernel takes no system call filter (seccomp), or something around this process forbids it: "
                        + "nothing but TCP is kept from the network, and other processes are not out of reach."
                    : "There is no system call filter for this processor yet: nothing but TCP is kept from the network."
            )
        }
        switch version {
        case ..<1:
            missing.append(
                "This kernel has no Landlock, or was started without it: the user's files can be read. "
                    + "Linux 6.7 has all that is needed."
            )
        case ..<3:
            missing.append(
                "This kernel's Landlock (version \(version)) lets a file that may be read be emptied. Linux 6.2 does not."
            )
        default:
            break
        }
        if version < 4, mayConnect {
            missing.append(
                "This kernel's Landlock does not tell ports apart: a grant of one is a grant of all. Linux 6.7 does."
            )
        }
    }
}
