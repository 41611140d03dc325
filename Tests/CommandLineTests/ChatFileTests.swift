import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The files of a prompt", .timeLimit(.minutes(10)))
struct ChatFileTests {
    private static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]

    private func message(_ chat: ScriptedChat) throws -> JSON? {
        try chat.server.requests.last?.json["messages"]?.array?.last
    }

    @Test("text files come before the prompt, each after a line with its name and size, and pictures beside it")
    func files() throws {
        let directory = try FixtureDirectory()
        let notes = try directory.file("notes.txt", Array("\u{FEFF}Buy milk.\n".utf8))
        let list = try directory.file("a\nb.txt", Array("é".utf8))
        let picture = try directory.file("dot", Self.png)
        let chat = try ScriptedChat(
            [ScriptedChat.text("Yes.")],
            "--file",
            notes,
            "--file",
            picture,
            "--file",
            list,
            "--image",
            notes,
            "Is milk on the list?",
            input: "From input.\n"
        )
        let result = try chat.run()
        #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
        let message = try #require(try message(chat))
        #expect(
            message["content"]?.string == """
                File \(notes) (13 bytes):
                Buy milk.

                File \(directory.path)/a<U+000A>b.txt (2 bytes):
                é

                From input.

                Is milk on the list?
                """
        )
        let images = [Self.png, Array("\u{FEFF}Buy milk.\n".utf8)].map { JSON.string(Data($0).base64EncodedString()) }
        #expect(message["images"] == .array(images))
    }

    @Test(
        "pictures and sound are recognized by their first bytes",
        arguments: [
            ("RIFF1234WEBP", true), ("RIFF1234WAVE", true), ("GIF89a", true), ("\u{1}GIF89a", false),
            ("RIFF1234AVI ", false),
        ]
    )
    func kinds(content: String, isPicture: Bool) throws {
        let directory = try FixtureDirectory()
        let file = try directory.file("file", content.utf8)
        let chat = try ScriptedChat([ScriptedChat.text("Yes.")], "--file", file, "Hi")
        #expect(try chat.run().status == 0)
        let images: JSON? = isPicture ? [.string(Data(content.utf8).base64EncodedString())] : nil
        #expect(try message(chat)?["images"] == images)
    }

    @Test("a file can be standard input or a pipe of the shell")
    func pipes() throws {
        var chat = try ScriptedChat([ScriptedChat.text("Yes.")], "--file", "-", "Hi", input: "text")
        #expect(try chat.run().status == 0)
        #expect(try message(chat)?["content"] == "File standard input (4 bytes):\ntext\n\nHi")
        chat = try ScriptedChat([ScriptedChat.text("Yes.")], "--file", "/dev/fd/3", "Hi")
        chat.command.shell = #"printf 'piped\n' | { exec 3<&0 </dev/null; "$@"; }"#
        #expect(try chat.run().status == 0)
        #expect(try message(chat)?["content"] == "File /dev/fd/3 (6 bytes):\npiped\n\nHi")
    }

    /// A path that cannot be attached, the exit code and the words of the message.
    private static let refused: [(String, Int32, String)] = [
        ("none.txt", 74, "No such file"), (".", 2, "is a directory"), ("/dev/zero", 2, "is a device"),
        ("zero.bin", 2, "byte 3 is zero"), ("latin.txt", 2, "not text in UTF-8"), ("large.txt", 2, "16777216 bytes"),
        ("huge.png", 2, "33554432 bytes"), ("closed.txt", 74, "Permission denied"),
    ]

    @Test("a file that is no text and no picture, or is too large, is an error before any request", arguments: refused)
    func unusable(name: String, status: Int32, words: String) throws {
        // Root may read every file.
        if name == "closed.txt", geteuid() == 0 { return }
        let directory = try FixtureDirectory()
        try directory.file("zero.bin", [0x61, 0x62, 0])
        try directory.file("latin.txt", [0xE9, 0x0A])
        try directory.file("closed.txt", [0x61], mode: 0)
        for (large, size, start) in [("large.txt", (16 << 20) + 1, [UInt8]()), ("huge.png", (32 << 20) + 1, Self.png)]
        where name == large {
            try directory.file(large, start + [UInt8](repeating: 0x61, count: size - start.count))
        }
        let chat = try ScriptedChat([], "--file", name.hasPrefix("/") ? name : directory.path + "/" + name, "Hi")
        let result = try chat.run()
        #expect(result.status == status && result.errors.contains(words), "\(result)")
        #expect(chat.server.requests.isEmpty)
    }

    @Test("standard input is read only once")
    func twice() throws {
        let result = try ScriptedChat([], "--file", "-", "--format", "-", "Hi").run()
        #expect(result.status == 64 && result.errors.contains("only once"), "\(result)")
    }
}
