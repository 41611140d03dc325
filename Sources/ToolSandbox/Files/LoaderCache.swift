import Glibc

/// The dynamic loader's cache of libraries, `/etc/ld.so.cache`.
enum LoaderCache {
    static let path = "/etc/ld.so.cache"

    private static let magic = "glibc-ld.so.cache1.1"
    private static let headerSize = 48
    private static let entrySize = 24
    private static let maximumBytes = 16 << 20

    /// Returns the directories of the loader's libraries, or an empty set if the cache is missing or unknown.
    static func directories() -> Set<String> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size <= maximumBytes else { return [] }
        let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return directories(in: bytes)
    }

    /// Returns the directories in the bytes of a cache.
    ///
    /// Each entry contains its flags, the offset of its name and the offset of a path that ends with a zero.
    static func directories(in bytes: [UInt8]) -> Set<String> {
        guard bytes.count >= headerSize, bytes.starts(with: magic.utf8) else { return [] }
        func integer(at offset: Int) -> Int {
            bytes[offset..<offset + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
        }
        let count = min(integer(at: magic.utf8.count), (bytes.count - headerSize) / entrySize)
        var directories: Set<String> = []
        var last: ArraySlice<UInt8> = []
        for entry in 0..<count {
            let start = integer(at: headerSize + entry * entrySize + 8)
            guard start < bytes.count else { continue }
            let path = bytes[start...].prefix(Int(PATH_MAX)).prefix { $0 != 0 }
            guard path.first == UInt8(ascii: "/"), let slash = path.lastIndex(of: UInt8(ascii: "/")) else { continue }
            let directory = path[..<slash]
            // Nearly all entries are in the same directory as the previous one.
            if directory.isEmpty || directory == last { continue }
            last = directory
            directories.insert(String(decoding: directory, as: UTF8.self))
        }
        return directories
    }
}
