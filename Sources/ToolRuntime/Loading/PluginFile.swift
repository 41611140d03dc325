package import Glibc

/// A file that may be loaded, checked before any of its code can run.
package struct PluginFile: Sendable, Hashable {
    /// One file of a plugin's code.
    package struct Part: Sendable, Hashable {
        /// The real path, free of symbolic links.
        package let path: String

        /// The state of the file, which changes whenever the file does.
        package let identity: FileIdentity

        /// The number of bytes.
        package var size: UInt64 { identity.size }

        /// True if an open file is still the one that was checked.
        package func isSame(_ status: stat) -> Bool { identity == FileIdentity(status) }

        fileprivate init(_ path: String, _ identity: FileIdentity) {
            (self.path, self.identity) = (path, identity)
        }
    }

    /// The real path, free of symbolic links.
    package let path: String

    /// The file, and then the libraries that it brings along: what its own run path leads to, or what its binding names.
    ///
    /// They are its code as much as it is itself. What the dynamic linker finds in the system's directories, by its name
    /// alone, is not: it is root's, differs from machine to machine, and changes with every update of the system.
    package let parts: [Part]

    /// The content of a file that is no library but makes tools of one.
    ///
    /// It is `nil` also where the file is a known one and was not read: ``isBinding`` tells.
    package let binding: Binding?

    /// The findings of this check, for later checks of the same file; `nil` where a later check must look again.
    package let findings: PluginFindings?

    /// True if the file makes tools of a library.
    package let isBinding: Bool

    /// All of it is read to tell whether it is trusted; what is larger would take too long.
    private static let maximumBytes = 1 << 30

    /// The device and the inode of the file.
    package var number: FileIdentity.Number { parts[0].identity.number }

    /// The real paths of the libraries that it brings along.
    package var libraries: [String] { parts.dropFirst().map(\.path) }

    /// Numbers that change whenever the content of the file or of one of its libraries does, in the form for workers.
    package var stamp: [UInt64] { parts.flatMap { Self.stamp($0.identity) } }

    private static func stamp(_ identity: FileIdentity) -> [UInt64] {
        [identity.number.device, identity.number.inode, identity.size]
            + [identity.modified, identity.changed].flatMap { [$0.seconds, $0.nanoseconds] }
            .map(UInt64.init(bitPattern:))
    }

    /// Checks that a file exists, that nobody else may write it, and that it is a shared library for this machine, or a
    /// binding.
    ///
    /// The libraries that it brings along are checked likewise.
    ///
    /// - Parameter isKnown: True if the host has found that nobody else may write any of it: a confined process cannot ask
    ///   who is in a group, and compares the ``stamp`` instead.
    package init(checking path: String, isKnown: Bool = false) throws(PluginError) {
        var scan = FileScan(isKnown: isKnown)
        try self.init(checking: path, &scan)
    }

    /// Checks a file among others of the same scan.
    package init(checking path: String, _ scan: inout FileScan) throws(PluginError) {
        let file = try CheckedFile(path, &scan)
        self.path = file.path
        isBinding = file.path.hasSuffix(Binding.suffix)
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
        // Where nobody asked who may write the directories, there is nothing to rely on later.
        findings = scan.isKnown ? nil : search.absences.map { PluginFindings(identity: identity, absences: $0) }
        let size = parts.reduce(into: 0.0) { $0 += Double($1.size) }
        guard size <= Double(Self.maximumBytes) else {
            throw PluginError(
                .notLoadable,
                file: path,
                "Has more than \(Self.maximumBytes) bytes, with the libraries that it brings along."
            )
        }
    }

    /// Recognises a file that was checked before, and reads none of it.
    ///
    /// Checks that other users cannot write the file; ``FileScan/find(_:)`` has checked the directories.
    ///
    /// - Parameters:
    ///   - found: The file as ``FileScan/find(_:)`` has found it.
    ///   - findings: The findings of an earlier check, whose identities the caller relies on.
    /// - Returns: `nil` where anything differs or is wrong: then it must be checked as a whole.
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
        self.findings = findings
        isBinding = found.path.hasSuffix(Binding.suffix)
    }
}

/// The findings of a check of a plugin's file that brings no libraries along, which hold until something changes.
package struct PluginFindings: Sendable, Hashable {
    /// A directory in which a library was looked for.
    package struct Directory: Sendable, Hashable {
        package let path: String
        package let identity: FileIdentity

        package init(path: String, identity: FileIdentity) { (self.path, self.identity) = (path, identity) }
    }

    /// The state of the file.
    package let identity: FileIdentity

    /// The directories in which the libraries that the file needs are not.
    ///
    /// A library that is put there comes before that of the system, and becomes part of the plugin's code.
    package let absences: [Directory]

    package init(identity: FileIdentity, absences: [Directory]) {
        (self.identity, self.absences) = (identity, absences)
    }
}
