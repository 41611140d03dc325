import Glibc

/// The manual pages about C functions.
struct ManualPages {
    /// The files of pages, by function.
    private var files: [String: String] = [:]
    private let gzip: Program?

    private static let maximumBytes = 1 << 20
    /// Suffixes of chapter 3 for other languages.
    private static let otherLanguages = ["pm", "perl", "tcl", "tk", "erl", "o", "py", "blt"]

    /// - Parameters:
    ///   - directories: The directories of the manual, in order of precedence.
    ///   - path: The directories of programs, as in PATH.
    init(_ directories: [String], path: String) {
        gzip = Program(["gzip"], path: path)
        for directory in directories {
            for chapter in ["3", "2"] {
                // The page of the plain chapter takes precedence: `3` before `3ncurses`.
                for file in SystemDirectories.files(in: "\(directory)/man\(chapter)").sorted(by: Self.isBefore) {
                    guard let function = Self.function(of: file, chapter) else { continue }
                    if files[function] == nil { files[function] = "\(directory)/man\(chapter)/\(file)" }
                }
            }
        }
    }

    private static func isBefore(_ left: String, _ right: String) -> Bool {
        (left.utf8.count, left) < (right.utf8.count, right)
    }

    /// Returns the function of a page: `clear` for `clear.3ncurses.gz`.
    private static func function(of file: String, _ chapter: String) -> String? {
        let name = file.hasSuffix(".gz") ? file.dropLast(3) : file[...]
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        let suffix = name[name.index(after: dot)...]
        guard suffix.hasPrefix(chapter), !otherLanguages.contains(String(suffix.dropFirst())) else { return nil }
        return String(name[..<dot])
    }

    /// Returns the page of a function, or nil.
    func page(of function: String) async -> ManualPage? {
        guard let file = files[function], let source = await source(of: file) else { return nil }
        // A page may refer to another one: `.so man3/crc32.3`.
        if let line = source.split(separator: "\n").first(where: { !$0.hasPrefix(".\\\"") }), line.hasPrefix(".so ") {
            let target = line.dropFirst(4).split(separator: " ").first ?? ""
            guard !target.hasPrefix("/"), !target.split(separator: "/").contains("..") else { return nil }
            let manual = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(2).joined(separator: "/")
            for ending in ["", ".gz"] {
                if let other = await self.source(of: "\(manual)/\(target)\(ending)") {
                    return ManualPage(other, function: function)
                }
            }
            return nil
        }
        return ManualPage(source, function: function)
    }

    private func source(of file: String) async -> String? {
        guard let gzip, access(file, R_OK) == 0,
            // With `-f`, gzip copies a file that is not compressed.
            let output = try? await gzip.run(["-dcf", file], limit: Self.maximumBytes), output.isSuccess
        else { return nil }
        return String(decoding: output.bytes, as: UTF8.self)
    }
}
