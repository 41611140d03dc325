import ToolHost

/// The paths of the user's own files.
enum UserPaths {
    /// The path of the policy file; nil without a home directory.
    static var policy: String? { directory(.configuration).map { $0 + "/policy.json" } }

    /// The directory of toolhost in a base directory of the user; nil without a home directory.
    static func directory(_ base: BaseDirectory) -> String? {
        base.path(in: ProcessEnvironment.all).map { $0 + "/toolhost" }
    }
}
