import FoundationEssentials

/// The environment of this process.
enum ProcessEnvironment {
    /// The variables at the time of the first use.
    static let all = ProcessInfo.processInfo.environment
}
