/// The behavior on kernels that cannot fully confine a process.
public enum SandboxMode: String, Sendable, Hashable, CaseIterable {
    /// The plugin is not run.
    case required
    /// The plugin is confined as far as the kernel supports, and missing restrictions are reported.
    case bestEffort = "best-effort"
    /// The plugin is not confined.
    case off
}
