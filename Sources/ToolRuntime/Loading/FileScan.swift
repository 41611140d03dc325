package import Glibc
import ToolJSON

/// A check of many files, which reads each directory and each group once.
///
/// The findings are valid for one scan, because other users may have received permissions before the next.
package struct FileScan {
    /// The outcome of following a path.
    package enum Place {
        /// A file of any kind but a symbolic link, at its real path. Other users cannot put another file there; the
        /// file's own owner and mode are not checked.
        case found(path: String, status: stat)
        /// No file. `link` is the symbolic link whose target is missing, or nil if the path itself is missing.
        case missing(link: String?)
        /// Other users could change where the path leads, or it cannot be followed.
        case fault(PathError)
    }

    /// True if the host has checked that other users cannot replace the files, so that this scan skips owners.
    let isKnown: Bool
    private var follower: PathFollower
    /// The outcomes for directories, by their paths as given.
    private var directories: [ExactKey: PathFollower.Outcome] = [:]

    /// Creates a scan.
    ///
    /// - Parameter isKnown: True in a confined process whose host has checked the files.
    package init(isKnown: Bool = false) {
        self.isKnown = isKnown
        follower = PathFollower(checksOwners: !isKnown)
    }

    /// Follows a path, and checks each directory and each symbolic link on the way.
    package mutating func locate(_ path: String) -> Place {
        switch outcome(path) {
        case .found(let path, let status): .found(path: path, status: status)
        case .missing(let missing): .missing(link: missing.link)
        case .fault(let fault): .fault(fault)
        }
    }

    /// Finds the real path and the status of a regular file without opening it.
    ///
    /// - Returns: Nil if it is not a regular file, or other users could change where the path leads.
    package mutating func find(_ path: String) -> (path: String, status: stat)? {
        guard case .found(let real, let status) = outcome(path), status.st_mode & S_IFMT == S_IFREG else { return nil }
        return (real, status)
    }

    /// The state of a directory; nil if there is none, or other users could change where its path leads.
    mutating func identity(ofDirectory path: String) -> FileIdentity? {
        guard case .found(_, let status) = directory(path) else { return nil }
        return FileIdentity(status)
    }

    /// Describes the users besides this one and root who can write a file; nil if there are none.
    mutating func foreignWriter(_ status: stat, at path: String) -> String? {
        isKnown ? nil : status.foreignWriter(at: path, &follower.groups)
    }

    /// Returns an error if other users could create a file at a path where there is none.
    ///
    /// A sticky directory protects its files, but not unused names.
    mutating func absenceError(at path: String) -> PathError? {
        switch outcome(path) {
        case .found: return nil
        case .fault(let fault): return fault.isDistrust ? fault : nil
        case .missing(let missing):
            var status = stat()
            guard lstat(missing.directory, &status) == 0 else { return .error(errno) }
            return foreignWriter(status, at: missing.directory).map {
                .directory(missing.directory, writer: $0, remedy: status.remedy(missing.directory))
            }
        }
    }

    private mutating func outcome(_ path: String) -> PathFollower.Outcome {
        // Most files of a scan are in a few directories.
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return follower.follow(path) }
        let outcome = directory(String(path[...slash]))
        guard case .found(let real, let status) = outcome, status.st_mode & S_IFMT == S_IFDIR else {
            return outcome
        }
        let name = String(path[path.utf8.index(after: slash)...])
        return name.isEmpty ? outcome : follower.follow(name, from: real == "/" ? "" : real)
    }

    private mutating func directory(_ path: String) -> PathFollower.Outcome {
        let key = ExactKey(path)
        if let known = directories[key] { return known }
        let outcome = follower.follow(path)
        directories[key] = outcome
        return outcome
    }
}
