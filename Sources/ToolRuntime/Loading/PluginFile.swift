package import Glibc

/// A file that may be loaded: what it is on disk, checked before any of its code can run.
package struct PluginFile: Sendable, Hashable {
    /// One file of a plugin's code.
    package struct Part: Sendable, Hashable {
        /// The real path, free of symbolic links.
        package let path: String

        /// What changes whenever the file does: its identity, its size, and when its content and its inode were changed.
        package let stamp: [UInt64]

        /// Which file it is, whatever it is called: device and inode.
        package var identity: [UInt64] { Array(stamp.prefix(2)) }

        /// How many bytes it has.
        package var size: UInt64 { stamp[2] }

        /// Whether an open file is still the one that was checked.
        package func isSame(_ status: stat) -> Bool { stamp == Self.stamp(status) }

        fileprivate init(_ path: String, _ status: stat) {
            (self.path, stamp) = (path, Self.stamp(status))
        }

        private static func stamp(_ status: stat) -> [UInt64] {
            let times = [status.st_mtim, status.st_ctim].flatMap { [$0.tv_sec, $0.tv_nsec] }
            return [UInt64(status.st_dev), UInt64(status.st_ino)]
                + ([Int(status.st_size)] + times).map { UInt64(bitPattern: Int64($0)) }
        }
    }

    /// The real path, free of symbolic links.
    package let path: String

    /// The file, and then the libraries that it brings along: what its own run path leads to, or what its binding names.
    ///
    /// They are its code as much as it is itself. What the dynamic linker finds in the system's folders, by its name
    /// alone, is not: it is root's, differs from machine to machine, and changes with every update of the system.
    package let parts: [Part]

    /// What it says, where it is no library but makes tools of one.
    package let binding: Binding?

    /// All of it is read to tell whether it is trusted; what is larger would take too long.
    private static let maximumBytes = 1 << 30

    /// Which file it is, whatever it is called: device and inode.
    package var identity: [UInt64] { parts[0].identity }

    /// The real paths of the libraries that it brings along.
    package var libraries: [String] { parts.dropFirst().map(\.path) }

    /// What changes whenever the file or a library of its does.
    package var stamp: [UInt64] { parts.flatMap(\.stamp) }

    /// Checks that a file exists, that nobody else may write it, and that it is a shared library for this machine, or a
    /// binding.
    ///
    /// The same is asked of the libraries that it brings along.
    ///
    /// - Parameter isKnown: Whether the host has found that nobody else may write any of it: a confined process cannot ask
    ///   who is in a group, and compares the ``stamp`` instead.
    package init(checking path: String, isKnown: Bool = false) throws(PluginError) {
        let file = try CheckedFile(path, isKnown: isKnown)
        self.path = file.path
        var search = LibrarySearch(plugin: path, isKnown: isKnown)
        if file.path.hasSuffix(Binding.suffix) {
            let binding = try Binding(file, named: path)
            if case .file(let library) = binding.library { try search.visit(library: library, besides: file) }
            self.binding = binding
        } else {
            try ELFHeader.check(file.descriptor, size: Int(file.status.st_size), named: path)
            try search.visit(file, at: file.path)
            binding = nil
        }
        parts = [Part(file.path, file.status)] + search.found.map { Part($0.path, $0.status) }
        let size = parts.reduce(into: 0.0) { $0 += Double($1.size) }
        guard size <= Double(Self.maximumBytes) else {
            throw PluginError(
                .notLoadable,
                file: path,
                "Has more than \(Self.maximumBytes) bytes, with the libraries that it brings along."
            )
        }
    }
}
