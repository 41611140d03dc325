import Glibc
import OllamaClient
import SystemPackage
import Terminal
import ToolAgent

/// A file that is sent with a prompt: text, a picture or sound.
struct Attachment: Sendable {
    /// The content of the file.
    enum Content: Sendable {
        case text(String)
        /// A picture or sound, which servers take in the same member.
        case picture([UInt8])
    }

    /// The path, or "standard input".
    let name: String
    /// The size of the file in bytes.
    let byteCount: Int
    let content: Content

    /// The maximum size of a text file in bytes.
    static let maximumTextBytes = 16 << 20
    /// The maximum size of a picture in bytes.
    static let maximumPictureBytes = 32 << 20
    /// The maximum size of all files of a command in bytes.
    static let maximumTotalBytes = 64 << 20

    /// Creates an attachment of a picture or sound, whatever its bytes are.
    init(picture bytes: [UInt8], name: String) {
        (self.name, byteCount, content) = (name, bytes.count, .picture(bytes))
    }

    /// Reads a file or, for `-`, standard input.
    ///
    /// - Throws: ``CommandError`` for a directory or a device, and for a file that is too large, or neither text nor a
    ///   picture nor sound.
    init(path: String) throws(CommandError) {
        name = path == "-" ? "standard input" : path
        let shown = TerminalLine(name.visible, limit: 300)
        if path != "-" { try Self.checkType(of: path, shown) }
        var bytes = try InputFile.read(path, limit: Self.maximumPictureBytes)
        byteCount = bytes.count
        if Self.isPicture(bytes) {
            content = .picture(bytes)
            return
        }
        guard bytes.count <= Self.maximumTextBytes else {
            throw CommandError(
                .invalidArguments,
                "\(shown) is longer than \(Self.maximumTextBytes) bytes, the maximum of a text file."
            )
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        let advice: TerminalLine = "Give text in UTF-8, a picture (PNG, JPEG, WebP, GIF or BMP) or sound (WAV)."
        if let place = bytes.firstIndex(of: 0) {
            throw CommandError(.invalidArguments, "\(shown) is not text: byte \(place + 1) is zero. \(advice)")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(.invalidArguments, "\(shown) is not text in UTF-8. \(advice)")
        }
        content = .text(text)
    }

    /// Reads the files of a command.
    ///
    /// - Parameters:
    ///   - paths: The paths of text files and pictures.
    ///   - pictures: The paths of files that are sent as pictures, whatever they contain.
    static func read(_ paths: [String], pictures: [String] = []) throws(CommandError) -> [Attachment] {
        var files: [Attachment] = []
        var size = 0
        func add(_ file: Attachment) throws(CommandError) {
            size += file.byteCount
            guard size <= maximumTotalBytes else {
                throw CommandError(
                    .invalidArguments,
                    "The files of the prompt are together longer than \(maximumTotalBytes) bytes."
                )
            }
            files.append(file)
        }
        for path in paths { try add(try Attachment(path: path)) }
        for path in pictures {
            try add(Attachment(picture: try InputFile.read(path, limit: maximumPictureBytes), name: path))
        }
        return files
    }

    /// The name without its directories.
    var fileName: String { name.split(separator: "/").last.map(String.init) ?? name }

    /// The name and the size, for the user and for the model.
    var title: TerminalLine { "\(name.visible, limit: 300) (\(byteCount.grouped) bytes)" }

    private static func checkType(of path: String, _ shown: TerminalLine) throws(CommandError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw CommandError(.inputOutput, "\(shown) cannot be read: \(Errno(rawValue: errno).description).")
        }
        // A pipe is accepted: the shell makes one for <(command).
        let kind: TerminalLine? =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: "a directory"
            case S_IFCHR, S_IFBLK: "a device"
            case S_IFSOCK: "a socket"
            default: nil
            }
        if let kind { throw CommandError(.invalidArguments, "\(shown) is \(kind). Name a file.") }
    }

    /// Returns true for the beginning of a PNG, JPEG, GIF, WebP, BMP or WAV file.
    private static func isPicture(_ bytes: [UInt8]) -> Bool {
        let signatures: [[UInt8]] = [[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], [0xFF, 0xD8, 0xFF]]
        func has(_ text: StaticString, at place: Int) -> Bool {
            bytes.dropFirst(place).starts(
                with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
            )
        }
        return signatures.contains(where: bytes.starts) || has("GIF87a", at: 0) || has("GIF89a", at: 0)
            || has("RIFF", at: 0) && (has("WEBP", at: 8) || has("WAVE", at: 8))
            || has("BM", at: 0) && bytes.dropFirst(6).prefix(4) == [0, 0, 0, 0]
    }
}

extension ChatMessage {
    /// Creates a prompt of the user, after the files that are attached to it.
    ///
    /// A line with the name and the size precedes each text, which has no control tokens of models.
    init(prompt: String, attachments: [Attachment]) {
        var content = ""
        var images: [[UInt8]] = []
        for file in attachments {
            switch file.content {
            case .text(let text):
                content += TextNeutraliser.neutralised("File \(file.title.text):\n\(text)").text
                content += content.utf8.last == UInt8(ascii: "\n") ? "\n" : "\n\n"
            case .picture(let bytes):
                images.append(bytes)
            }
        }
        self.init(
            role: .user,
            content: content + prompt,
            images: images,
            outsideSources: attachments.map(\.fileName)
        )
    }
}
