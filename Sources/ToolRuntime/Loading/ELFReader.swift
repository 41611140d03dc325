import Glibc

/// Reads parts of an ELF file that somebody else wrote.
struct ELFReader {
    private let file: Int32
    private let path: String

    init(_ file: Int32, named path: String) {
        (self.file, self.path) = (file, path)
    }

    var damaged: PluginError {
        PluginError(.notLibrary, file: path, "Is damaged: its dynamic section cannot be read. Copy it again.")
    }

    /// Why a file that is not damaged is not loaded all the same: a sentence.
    func refusal(_ sentence: String) -> PluginError {
        PluginError(.notLoadable, file: path, sentence)
    }

    /// - Parameter count: The caller bounds it.
    func bytes(at offset: UInt64, count: Int) throws(PluginError) -> [UInt8] {
        guard let place = Int(exactly: offset) else { throw damaged }
        var bytes = [UInt8](repeating: 0, count: count)
        guard pread(file, &bytes, count, place) == count else { throw damaged }
        return bytes
    }
}

extension [UInt8] {
    /// Eight bytes as a number; the caller has checked that they are there.
    func number(_ offset: Int) -> UInt64 {
        self[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    func short(_ offset: Int) -> Int {
        Int(self[offset]) | Int(self[offset + 1]) << 8
    }
}
