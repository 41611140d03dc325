import Glibc

/// A reader of parts of an ELF file, which may be damaged or hostile.
struct ELFReader {
    private let file: Int32
    private let path: String

    init(_ file: Int32, named path: String) {
        (self.file, self.path) = (file, path)
    }

    /// The error for a file whose structure is invalid.
    var damaged: PluginError {
        PluginError(.notLibrary, file: path, "Is damaged: its dynamic section cannot be read. Copy it again.")
    }

    /// The error for a file that is intact and must not be loaded.
    func refusal(_ message: String) -> PluginError {
        PluginError(.notLoadable, file: path, message)
    }

    /// Reads bytes at an offset.
    ///
    /// - Parameter count: The number of bytes, which the caller has bounded.
    /// - Throws: ``PluginError`` if the file has fewer bytes.
    func bytes(at offset: UInt64, count: Int) throws(PluginError) -> [UInt8] {
        guard let offset = Int(exactly: offset) else { throw damaged }
        var bytes = [UInt8](repeating: 0, count: count)
        // A regular file returns all bytes at once, so there is no loop that swift-system could replace.
        guard pread(file, &bytes, count, offset) == count else { throw damaged }
        return bytes
    }
}

extension [UInt8] {
    /// The little-endian 64-bit integer at an offset, where the caller has checked that there are eight bytes.
    func number(_ offset: Int) -> UInt64 {
        self[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// The little-endian 16-bit integer at an offset.
    func short(_ offset: Int) -> Int {
        Int(self[offset]) | Int(self[offset + 1]) << 8
    }
}
