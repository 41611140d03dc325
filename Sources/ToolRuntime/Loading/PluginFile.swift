package import Glibc

/// A file that may be loaded: what it is on disk, checked before any of its code can run.
package struct PluginFile: Sendable, Hashable {
    /// The real path, free of symbolic links.
    package let path: String

    /// Which file it is, whatever it is called: device and inode.
    package let identity: [UInt64]

    /// The real paths of the libraries that it brings along: what its own run path leads to, or what its binding names.
    package let libraries: [String]

    /// What it says, where it is no library but makes tools of one.
    package let binding: Binding?

    /// What changes whenever the file or a library of its does.
    ///
    /// For each, its identity, its size, and when its content and its inode were changed.
    package let stamp: [UInt64]

    /// Checks that a file exists, that nobody else may write it, and that it is a shared library for this machine, or a
    /// binding.
    ///
    /// The same is asked of the libraries that it brings along.
    package init(checking path: String) throws(PluginError) {
        let file = try CheckedFile(path)
        self.path = file.path
        identity = [UInt64(file.status.st_dev), UInt64(file.status.st_ino)]
        var search = LibrarySearch(plugin: path)
        if file.path.hasSuffix(Binding.suffix) {
            let binding = try Binding(file, named: path)
            if case .file(let library) = binding.library { try search.visit(library: library, besides: file) }
            self.binding = binding
        } else {
            try ELFHeader.check(file.descriptor, size: Int(file.status.st_size), named: path)
            try search.visit(file)
            binding = nil
        }
        libraries = search.found.map(\.path)
        stamp = Self.stamp(file.status) + search.found.flatMap { Self.stamp($0.status) }
    }

    /// Whether an open file is still the one that was checked.
    package func isSame(_ status: stat) -> Bool { stamp.starts(with: Self.stamp(status)) }

    private static func stamp(_ status: stat) -> [UInt64] {
        let times = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
        return [UInt64(status.st_dev), UInt64(status.st_ino)]
            + ([Int(status.st_size)] + times).map { UInt64(bitPattern: Int64($0)) }
    }
}
