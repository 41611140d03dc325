import Testing

@testable import ToolRuntime

@Suite("Dynamic sections of libraries")
struct ELFDynamicSectionTests {
    private static func section(_ bytes: [UInt8]) throws -> ELFDynamicSection {
        try withFile(bytes) { try ELFDynamicSection($0, named: "file") }
    }

    @Test("names, run paths and needed libraries are read")
    func names() throws {
        let section = try Self.section(
            CraftedLibrary(needed: ["b.so", "", "a.so"], name: "own.so", runPath: "/x:/y", passedPath: "/z").bytes
        )
        #expect(section.needed == ["b.so", "", "a.so"])
        #expect(section.name == "own.so")
        #expect(section.runPath == "/x:/y")
        #expect(section.passedPath == "/z")
        #expect(!section.hasSubstitutes)
    }

    @Test("a library without names needs nothing, and its strings are not read")
    func empty() throws {
        let section = try Self.section(CraftedLibrary(entries: [(5, 1)]).bytes)
        #expect(section.needed == [] && section.name == nil && section.runPath == nil && section.passedPath == nil)
    }

    @Test("a file without a dynamic section needs nothing")
    func missing() throws {
        var bytes = CraftedLibrary(needed: ["a.so"]).bytes
        // The type of the second segment.
        bytes[64 + 56] = 4
        #expect(try Self.section(bytes).needed == [])
    }

    @Test("filters and audit libraries are detected", arguments: [0x7FFF_FFFD, 0x7FFF_FFFF, 0x6FFF_FEFC, 0x6FFF_FEFB])
    func substitutes(tag: Int) throws {
        #expect(try Self.section(CraftedLibrary(entries: [(tag, 0)]).bytes).hasSubstitutes)
    }

    @Test("the last of several values applies")
    func repeated() throws {
        let library = CraftedLibrary(name: "own.so", runPath: "/x", entries: [(29, 1)])
        #expect(try Self.section(library.bytes).runPath == "own.so")
    }

    /// A library that is rejected, with the code and the words of the error.
    struct Damage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let words: String

        init(_ description: String, _ words: String, _ bytes: [UInt8]) {
            (testDescription, self.words, self.bytes) = (description, words, bytes)
        }

        init(_ description: String, _ words: String, _ library: CraftedLibrary) {
            self.init(description, words, library.bytes)
        }

        /// Replaces bytes of a valid library.
        static func patch(_ description: String, at offset: Int, _ bytes: [UInt8]) -> Damage {
            var all = CraftedLibrary(needed: ["a.so"]).bytes
            all.replaceSubrange(offset..<offset + bytes.count, with: bytes)
            return Damage(description, "Is damaged", all)
        }
    }

    private static let damages = [
        Damage("a name outside the strings", "Is damaged", CraftedLibrary(entries: [(1, 1000)])),
        Damage("a name beyond all numbers", "Is damaged", CraftedLibrary(entries: [(1, -1)])),
        Damage("strings outside the segments", "Is damaged", CraftedLibrary(needed: ["a"], entries: [(5, 1)])),
        Damage("strings that are too long", "Is damaged", CraftedLibrary(needed: ["a"], entries: [(10, 2 << 20)])),
        Damage("a file name of 256 bytes", "Is damaged", CraftedLibrary(needed: [String(repeating: "a", count: 256)])),
        Damage(
            "a path of 4096 bytes",
            "Is damaged",
            CraftedLibrary(needed: ["/" + String(repeating: "a", count: 4095)])
        ),
        Damage(
            "257 libraries",
            "more than 256 libraries",
            CraftedLibrary(needed: Array(repeating: "a", count: 257))
        ),
        // Size, offset and number of the program headers.
        .patch("program headers of another size", at: 54, little(55, 2)),
        .patch("program headers outside the file", at: 32, little(1 << 40, 8)),
        .patch("too many program headers", at: 56, little(129, 2)),
        // Address and size of the dynamic section.
        .patch("a dynamic section outside the segments", at: 64 + 56 + 16, little(1, 8)),
        .patch("a dynamic section that is too long", at: 64 + 56 + 32, little(2 << 20, 8)),
        .patch("a dynamic section that ends after the file", at: 64 + 56 + 32, little(1 << 16, 8)),
        // The offset of the loaded segment.
        .patch("an offset that overflows", at: 64 + 8, little(-1, 8)),
    ]

    @Test("a damaged dynamic section is rejected", arguments: damages)
    func damaged(damage: Damage) {
        let error = #expect(throws: PluginError.self) { try Self.section(damage.bytes) }
        #expect(error?.message.contains(damage.words) == true, "\(error?.message ?? "")")
    }

    @Test("a name that is not UTF-8 is rejected")
    func encoding() throws {
        var bytes = CraftedLibrary(needed: ["a.so"]).bytes
        bytes[CraftedLibrary.base + 1] = 0xFF
        let error = #expect(throws: PluginError.self) { try Self.section(bytes) }
        #expect(error?.message.contains("not UTF-8") == true)
    }
}
