/// Whom an embedder's users trust, and how.
public struct TrustConfiguration: Sendable {
    /// The lock file that the user's answers are taken down in; nowhere, unless said.
    public var file: TrustFile?

    /// A lock file that came with the installation, for the plugins that came with it.
    public var installed: TrustFile?

    /// What is granted for this run.
    public var allowances: [Allowance] = []

    /// Whether a plugin that is in no lock file is refused altogether.
    public var isLocked = false

    /// Nobody is trusted, and nothing is granted.
    public init() {}
}
