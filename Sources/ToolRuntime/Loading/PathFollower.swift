import Glibc
import ToolJSON

/// A resolver of paths that rejects directories and symbolic links that other users could change.
///
/// It starts at the root and checks a directory before it looks up a name there. Other users therefore cannot change
/// the directories that it has passed, and the result is still correct when the file is opened.
struct PathFollower {
    /// The outcome of following a path.
    enum Outcome {
        /// A file of any kind but a symbolic link, at its real path. Its own owner and mode are not checked.
        case found(path: String, status: stat)
        /// No file, in a directory that was checked.
        case missing(Missing)
        case fault(PathError)
    }

    /// A name that does not exist.
    struct Missing {
        /// The real path of the directory that lacks the name.
        let directory: String
        /// The symbolic link that led to the missing name, or nil if the path itself names it.
        let link: String?
    }

    var groups = GroupMembers()
    /// False in a confined process: it cannot read the members of a group, and its host has checked all directories.
    private let checksOwners: Bool
    /// The results for directories, by real path; nil for a directory without fault.
    private var faults: [ExactKey: PathError?] = [:]

    private static let (maximumLinks, maximumBytes) = (40, Int(PATH_MAX))

    init(checksOwners: Bool = true) { self.checksOwners = checksOwners }

    /// Follows a path, from the working directory if it is relative.
    mutating func follow(_ path: String) -> Outcome {
        guard !path.isEmpty else { return .fault(.error(ENOENT)) }
        guard !path.isAbsolutePath else { return follow(path, from: "") }
        guard let directory = getcwd(nil, 0) else { return .fault(.error(errno)) }
        defer { free(directory) }
        guard let text = String(validatingCString: directory), text.isAbsolutePath else {
            return .fault(.error(ENOENT))
        }
        // The directories above the working directory are checked as well.
        return follow(text + "/" + path, from: "")
    }

    /// Follows a path from a directory.
    ///
    /// - Parameter directory: The real path of a directory that was followed before; "" is the root.
    mutating func follow(_ path: String, from directory: String) -> Outcome {
        guard path.utf8.count < Self.maximumBytes, !path.utf8.contains(0) else { return .fault(.error(ENAMETOOLONG)) }
        var rest = Self.names(path)
        var real = directory
        var found: stat?
        var links = 0
        // The outermost link whose target is being followed, and the number of names that come after it.
        var link: (path: String, following: Int)?
        while let name = rest.popLast() {
            if let following = link?.following, rest.count < following { link = nil }
            if let fault = fault(at: real) { return .fault(fault) }
            if name == "." { continue }
            if name == ".." {
                (real, found) = (real.directoryPart ?? "", nil)
                continue
            }
            let next = "\(real)/\(name)"
            var status = stat()
            guard lstat(next, &status) == 0 else {
                guard errno == ENOENT else { return .fault(.error(errno)) }
                return .missing(Missing(directory: real.isEmpty ? "/" : real, link: link?.path))
            }
            guard status.st_mode & S_IFMT == S_IFLNK else {
                (real, found) = (next, status)
                let isDirectory = status.st_mode & S_IFMT == S_IFDIR
                guard rest.isEmpty || isDirectory else { return .fault(.error(ENOTDIR)) }
                continue
            }
            if checksOwners, status.st_uid != 0, status.st_uid != geteuid() {
                return .fault(.link(next, owner: status.st_uid))
            }
            links += 1
            guard links <= Self.maximumLinks else { return .fault(.error(ELOOP)) }
            let target: String
            do throws(PathError) { target = try Self.target(of: next) } catch { return .fault(error) }
            if link == nil { link = (next, rest.count) }
            if target.isAbsolutePath { (real, found) = ("", nil) }
            rest += Self.names(target)
        }
        if real.isEmpty { real = "/" }
        if let found { return .found(path: real, status: found) }
        var status = stat()
        return lstat(real, &status) == 0 ? .found(path: real, status: status) : .fault(.error(errno))
    }

    /// Returns an error if other users can write a directory; the directories above it are not checked.
    ///
    /// - Parameter path: The real path of the directory; "" is the root.
    private mutating func fault(at path: String) -> PathError? {
        guard checksOwners else { return nil }
        let key = ExactKey(path)
        if let known = faults[key] { return known }
        let fault = ownFault(at: path.isEmpty ? "/" : path)
        faults[key] = .some(fault)
        return fault
    }

    /// Computes the result of ``fault(at:)``.
    private mutating func ownFault(at directory: String) -> PathError? {
        var status = stat()
        guard lstat(directory, &status) == 0 else { return .error(errno) }
        // In a directory such as /tmp, only the owner of an entry can replace it, and the owner of each is checked.
        guard !status.isRootsAndSticky, let writer = status.foreignWriter(at: directory, &groups) else { return nil }
        return .directory(directory, writer: writer, remedy: status.remedy(directory))
    }

    /// Reads the target of a symbolic link.
    private static func target(of link: String) throws(PathError) -> String {
        var buffer = [CChar](repeating: 0, count: maximumBytes)
        let count = readlink(link, &buffer, buffer.count)
        guard count >= 0 else { throw .error(errno) }
        guard count < buffer.count else { throw .error(ENAMETOOLONG) }
        guard let target = String(validating: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) else {
            throw .notUTF8
        }
        return target
    }

    /// Returns the names between the slashes in reverse order.
    ///
    /// A path that ends with a slash names a directory, so it ends with the name `.`.
    private static func names(_ path: String) -> [String] {
        let slash = UInt8(ascii: "/")
        var names = path.utf8.split(separator: slash).map { String(Substring($0)) }
        if path.utf8.last == slash { names.append(".") }
        return names.reversed()
    }
}
