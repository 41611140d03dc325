package import Glibc

/// The file of a plugin, checked before any of its code can run: a shared library, a binding or a Python file.
package struct PluginFile: Sendable, Hashable {
    /// One file with code of the plugin.
    package struct Part: Sendable, Hashable {
        /// The real path, free of symbolic links.
        package let path: String

        /// The state of the file, which changes whenever the file does.
        package let identity: FileIdentity

        /// The number of bytes.
        package var size: UInt64 { identity.size }

        /// True if an open file is still the one that was checked.
        package func isSame(_ status: stat) -> Bool { identity == FileIdentity(status) }

        init(_ path: String, _ identity: FileIdentity) {
            (self.path, self.identity) = (path, identity)
        }
    }

    /// The real path, free of symbolic links.
    package let path: String

    /// The file, and then the files that it brings: libraries on its run path, the library that a binding names, or the
    /// modules of its directory that a Python file imports.
    ///
    /// Libraries that the dynamic linker finds by name in the system's directories are not included: they belong to
    /// root, differ between machines, and change with every update of the system.
    package let parts: [Part]

    /// The content of a binding, or nil for another file and for a known file that was not read.
    package let binding: Binding?

    /// The content of a Python file, or nil for another file and for a known file that was not read.
    package let python: PythonFile?

    /// The findings of this check, for later checks of the same file, or nil if they cannot be reused.
    package let findings: PluginFindings?

    /// True if the file is a binding.
    package let isBinding: Bool

    /// True if the file is a Python file.
    package var isPython: Bool { path.hasSuffix(PythonFile.suffix) }

    /// The maximum size of all parts: they are hashed to decide whether the plugin is trusted.
    private static let maximumBytes = 1 << 30

    /// The device and the inode of the file.
    package var number: FileIdentity.Number { parts[0].identity.number }

    /// The real paths of the files that it brings.
    package var libraries: [String] { parts.dropFirst().map(\.path) }

    /// Numbers that change with the content of the file or of its libraries, in the form for workers.
    package var stamp: [UInt64] { parts.flatMap(\.identity.stamp) }

    /// Checks that a file exists, that other users cannot write it, and that it is a shared library for this machine,
    /// a binding or a Python file.
    ///
    /// The files that it brings are checked as well.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - isKnown: True if the host has checked that other users cannot write the files. A confined process cannot
    ///     look up the members of a group, and compares the ``stamp`` instead.
    /// - Throws: ``PluginError`` with the reason why the file cannot be used.
    package init(checking path: String, isKnown: Bool = false) throws(PluginError) {
        var scan = FileScan(isKnown: isKnown)
        try self.init(checking: path, &scan)
    }

    /// Checks a file among others of the same scan.
    package init(checking path: String, _ scan: inout FileScan) throws(PluginError) {
        let file = try CheckedFile(path, &scan)
        self.path = file.path
        isBinding = file.path.hasSuffix(Binding.suffix)
        guard !file.path.hasSuffix(PythonFile.suffix) else {
            (python, parts, findings) = try Self.readPython(file, named: path, &scan)
            binding = nil
            try checkSize(path)
            return
        }
        python = nil
        var search = LibrarySearch(plugin: path)
        if isBinding {
            let binding = try Binding(file, named: path)
            if case .file(let library) = binding.library { try search.visit(library: library, besides: file, &scan) }
            self.binding = binding
        } else {
            try ELFHeader.check(file.descriptor, size: Int(file.status.st_size), named: path)
            try search.visit(file, at: file.path, &scan)
            binding = nil
        }
        let identity = FileIdentity(file.status)
        parts = [Part(file.path, identity)] + search.found.map { Part($0.path, FileIdentity($0.status)) }
        // Without a check of the directories' owners, a later check cannot rely on the findings.
        findings = scan.isKnown ? nil : search.absences.map { PluginFindings(identity: identity, absences: $0) }
        try checkSize(path)
    }

    /// Checks that the parts together are not too large.
    private func checkSize(_ path: String) throws(PluginError) {
        let size = parts.reduce(into: 0.0) { $0 += Double($1.size) }
        guard size <= Double(Self.maximumBytes) else {
            throw PluginError(
                .notLoadable,
                file: path,
                "Has more than \(Self.maximumBytes) bytes, including the files that it brings."
            )
        }
    }

    /// Recognises a file that was checked before, without reading it.
    ///
    /// Checks that other users cannot write the file; ``FileScan/find(_:)`` has checked the directories.
    ///
    /// - Parameters:
    ///   - found: The result of ``FileScan/find(_:)``.
    ///   - findings: The findings of an earlier check, whose identities the caller relies on.
    /// - Returns: Nil if anything differs or is wrong; the file must be checked completely then.
    package init?(
        _ found: (path: String, status: stat),
        as findings: PluginFindings,
        _ scan: inout FileScan
    ) {
        guard FileIdentity(found.status) == findings.identity, scan.foreignWriter(found.status, at: found.path) == nil
        else { return nil }
        for directory in findings.absences where scan.identity(ofDirectory: directory.path) != directory.identity {
            return nil
        }
        path = found.path
        parts = [Part(found.path, findings.identity)]
        binding = nil
        python = nil
        self.findings = findings
        isBinding = found.path.hasSuffix(Binding.suffix)
    }
}
