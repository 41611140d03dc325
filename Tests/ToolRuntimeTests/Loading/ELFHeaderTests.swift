import Testing

@testable import ToolRuntime

@Suite("Headers of ELF files")
struct ELFHeaderTests {
    /// A file, and the error for it, or nil for a valid file.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let code: PluginError.Code?
        let words: String

        init(_ description: String, _ bytes: [UInt8], _ code: PluginError.Code? = nil, _ words: String = "") {
            (testDescription, self.bytes, self.code, self.words) = (description, bytes, code, words)
        }
    }

    private typealias Library = CraftedLibrary

    private static let cases = [
        Case("a valid header", Library.header()),
        Case("a section table that ends with the file", Library.header(sections: (0, 1))),
        Case("an empty file", [], .notLibrary, "Is empty."),
        Case("a short text", Array("ELF".utf8), .notLibrary, "has no ELF header"),
        Case("a long text", Array(repeating: 0x41, count: 100), .notLibrary, "has no ELF header"),
        Case("a header that is cut off", Array(Library.header().prefix(63)), .notLibrary, "Is truncated"),
        Case("a 32-bit library", Library.header(bits: 1), .wrongArchitecture, "32-bit or big-endian"),
        Case("a big-endian library", Library.header(order: 2), .wrongArchitecture, "32-bit or big-endian"),
        Case("a RISC-V library", Library.header(machine: 243), .wrongArchitecture, "Was built for RISC-V;"),
        Case("another machine", Library.header(machine: 999), .wrongArchitecture, "Was built for machine 999;"),
        Case("a program", Library.header(type: 2), .notLibrary, "not a shared library"),
        Case("a section table beyond the file", Library.header(sections: (65, 0)), .notLibrary, "Is truncated"),
        Case("sections beyond the file", Library.header(sections: (1, 1)), .notLibrary, "Is truncated"),
        Case("a huge section offset", Library.header(sections: (.max, 1)), .notLibrary, "Is truncated"),
        Case("a negative section offset", Library.header(sections: (-1, 9)), .notLibrary, "Is truncated"),
    ]

    @Test("a header is checked for the format, the machine and the kind of file", arguments: cases)
    func check(test: Case) throws {
        let error = try withFile(test.bytes) { file -> PluginError? in
            do throws(PluginError) {
                try ELFHeader.check(file, size: test.bytes.count, named: "file")
                return nil
            } catch {
                return error
            }
        }
        #expect(error?.code == test.code)
        #expect(error?.message.contains(test.words) ?? true, "\(error?.message ?? "")")
    }
}
