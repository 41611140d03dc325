import Glibc
import Synchronization

/// The time zones of this computer, from the package tzdata.
///
/// A name from outside never becomes a path. It is compared with the names in the directory, and only these are opened.
enum ZoneDirectory {
    static let path = "/usr/share/zoneinfo"
    /// The IANA database has about 600 names, and their files have less than 4 KiB.
    private static let maximumNames = 5_000
    private static let maximumFileBytes = 1 << 16
    /// The parts of the longest names, such as `America/Argentina/Buenos_Aires`.
    private static let maximumDepth = 3

    /// The names by their lower case. They stay empty until the whole directory has been read: the package may be
    /// installed later.
    private static let cache = Mutex<[String: String]>([:])

    /// Returns the names of all zones by their lower case, or none if the directory is missing or cannot be read.
    static func names() -> [String: String] {
        cache.withLock { cache in
            guard cache.isEmpty else { return cache }
            var names: [String: String] = [:]
            if collectNames(below: "", depth: 1, into: &names) { cache = names }
            return names
        }
    }

    /// Adds the names of zones in a directory.
    ///
    /// - Returns: False if a directory could not be opened.
    private static func collectNames(below parent: String, depth: Int, into names: inout [String: String]) -> Bool {
        guard let directory = opendir("\(path)/\(parent)") else { return false }
        defer { closedir(directory) }
        var isComplete = true
        while names.count < maximumNames, let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            // Zones begin with a capital letter. Tables, `right/` (leap seconds) and `posix/` (copies) do not.
            guard let first = name.utf8.first, 0x41...0x5A ~= first else { continue }
            let zone = parent + name
            if !isDirectory(entry, "\(path)/\(zone)") {
                names[zone.lowercased()] = zone
            } else if depth < maximumDepth, !collectNames(below: zone + "/", depth: depth + 1, into: &names) {
                isComplete = false
            }
        }
        return isComplete
    }

    private static func isDirectory(_ entry: UnsafeMutablePointer<dirent>, _ path: String) -> Bool {
        guard entry.pointee.d_type == UInt8(DT_UNKNOWN) else { return entry.pointee.d_type == UInt8(DT_DIR) }
        // Some file systems do not provide the type.
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Returns the rules of a zone with a name of ``names()``, or `nil` if its file cannot be read or is malformed.
    static func rules(of name: String) -> ZoneRules? {
        let descriptor = open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        var content = [UInt8](repeating: 0, count: maximumFileBytes)
        var count = 0
        while count < content.count {
            let length = content.withUnsafeMutableBytes { bytes in
                let free = bytes[count...]
                return read(descriptor, UnsafeMutableRawBufferPointer(rebasing: free).baseAddress, free.count)
            }
            if length < 0, errno == EINTR { continue }
            guard length >= 0 else { return nil }
            if length == 0 { return ZoneFile.rules(Array(content.prefix(count))) }
            count += length
        }
        return nil
    }
}
