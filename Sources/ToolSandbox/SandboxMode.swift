/// What to do where the kernel cannot confine a process.
public enum SandboxMode: String, Sendable, Hashable, CaseIterable {
    /// Refuse to run the plugin.
    case required
    /// Confine it as far as the kernel can, and say what is missing.
    case bestEffort = "best-effort"
    /// Confine nothing.
    case off
}
