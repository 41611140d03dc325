import Testing

@testable import ToolRuntime

@Suite("Parts of ELF files")
struct ELFReaderTests {
    @Test(
        "bytes are read inside the file only",
        arguments: [
            (0, 4, [1, 2, 3, 4]), (3, 1, [4]), (4, 0, []), (0, 5, nil), (4, 1, nil), (.max, 1, nil),
            (UInt64(Int.max), 1, nil), (UInt64(Int.max) + 1, 0, nil),
        ] as [(UInt64, Int, [UInt8]?)]
    )
    func bytes(offset: UInt64, count: Int, expected: [UInt8]?) throws {
        let bytes = try withFile([1, 2, 3, 4]) { file in
            try? ELFReader(file, named: "file").bytes(at: offset, count: count)
        }
        #expect(bytes == expected)
    }

    @Test("integers are little-endian")
    func integers() {
        let bytes: [UInt8] = [0xFF, 1, 2, 3, 4, 5, 6, 7, 0x80]
        #expect(bytes.number(1) == 0x8007_0605_0403_0201)
        #expect(bytes.short(0) == 0x01FF)
        #expect(bytes.short(7) == 0x8007)
    }
}
