import Glibc

extension ChatSession {
    /// Attaches the file that a word of a prompt names; other words stay text.
    func attach(word: String) throws(CommandError) {
        // The end of a sentence may follow the path.
        let bare = String(word.reversed().drop { ".,;:!?)".contains($0) }.reversed())
        guard let path = [word, bare].map(Self.expanded).first(where: Self.isRegularFile) else { return }
        try attach(try Attachment(path: path))
    }

    /// Attaches a picture to the next prompt.
    func attach(picture word: String) throws(CommandError) {
        let path = Self.expanded(word)
        guard Self.isRegularFile(path) else {
            throw CommandError(.usage, "\(path.visible, limit: 300) is not a file.")
        }
        let bytes = try InputFile.read(path, limit: Attachment.maximumPictureBytes)
        try attach(Attachment(picture: bytes, name: path))
    }

    private func attach(_ file: Attachment) throws(CommandError) {
        let size = attachments.reduce(file.byteCount) { $0 + $1.byteCount }
        guard size <= Attachment.maximumTotalBytes else {
            throw CommandError(
                .invalidArguments,
                "The files of the prompt are together longer than \(Attachment.maximumTotalBytes) bytes."
            )
        }
        attachments.append(file)
        Console.error.line("Attached: \(file.title)")
    }

    /// Returns a path with the home directory in place of `~`, which no shell expands here.
    ///
    /// The path `-` does not mean standard input.
    private static func expanded(_ path: String) -> String {
        if path == "-" { return "./-" }
        guard path.hasPrefix("~/"), let home = ProcessEnvironment.all["HOME"] else { return path }
        return home + path.dropFirst()
    }

    private static func isRegularFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}
