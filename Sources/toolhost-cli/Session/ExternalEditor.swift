import Glibc
import SystemPackage

/// The editor that the user has chosen with `VISUAL` or `EDITOR`.
enum ExternalEditor {
    /// Opens the editor with a text, and returns the text once the editor has exited.
    ///
    /// The function blocks the calling thread. The editor needs the terminal, so nothing else may read it.
    ///
    /// - Returns: The text without line breaks at its end.
    /// - Throws: ``CommandError`` if the editor cannot be started or fails, or the file is no text.
    static func edited(_ text: String) throws(CommandError) -> String {
        let directory = ProcessEnvironment.all["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        var template = Array((directory + "/toolhost-XXXXXX.md").utf8CString)
        // The file has the mode 0600.
        let descriptor = mkstemps(&template, 3)
        guard descriptor >= 0 else { throw failure(directory, errno) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { unlink(path) }
        let code = write(text, to: descriptor)
        close(descriptor)
        guard code == 0 else { throw failure(path, code) }
        let editor = ["VISUAL", "EDITOR"].compactMap { ProcessEnvironment.all[$0] }.first { !$0.isEmpty } ?? "vi"
        // The variable may hold options, and Ctrl-C belongs to the editor: `system` ignores it in this process.
        let status = system(editor + " " + path.shellWord)
        guard status == 0 else {
            let name: TerminalLine = "The editor \(editor.visible, limit: 200) failed"
            throw CommandError(.usage, "\(name), so nothing is sent. Set VISUAL or EDITOR to choose another one.")
        }
        let bytes = try InputFile.read(path, limit: Attachment.maximumTextBytes)
        guard let edited = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(.invalidArguments, "The text of the editor is not valid UTF-8.")
        }
        return String(edited.reversed().drop(while: \.isNewline).reversed())
    }

    /// Writes a text to a file.
    ///
    /// - Returns: The code of the error, or 0.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return errno }
            bytes = bytes.dropFirst(count)
        }
        return 0
    }

    private static func failure(_ path: String, _ code: Int32) -> CommandError {
        let reason = Errno(rawValue: code).description
        return CommandError(.inputOutput, "\(path.visible, limit: 300) cannot be written: \(reason).")
    }
}
