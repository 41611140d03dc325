import Foundation
import TestSupport
import Testing

@testable import ToolSandbox

@Suite("Files of the system") struct FileTests {
    private static func cache(_ paths: [String], count: Int? = nil, offset: Int = 0) -> [UInt8] {
        func bytes(_ number: Int, _ size: Int = 4) -> [UInt8] {
            (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        var texts: [UInt8] = []
        var entries: [UInt8] = []
        let start = 48 + 24 * paths.count
        for path in paths {
            entries += bytes(0x303) + bytes(0) + bytes(start + texts.count + offset) + bytes(0) + bytes(0, 8)
            texts += Array(path.utf8) + [0]
        }
        let header = Array("glibc-ld.so.cache1.1".utf8) + bytes(count ?? paths.count) + bytes(texts.count)
        return header + [UInt8](repeating: 0, count: 48 - header.count) + entries + texts
    }

    @Test(
        "the loader's cache is read within its bounds",
        arguments: [
            (cache(["/lib/a/x.so", "/lib/a/y.so", "/opt/b/z.so"]), ["/lib/a", "/opt/b"]),
            (cache(["relative/x.so", "/x.so", "", "/l/x.so"]), ["/l"]),
            (cache(["/a/x.so"], count: 1_000_000), ["/a"]),
            (cache(["/a/x.so"], offset: 1 << 30), []),
            (Array(cache(["/a/x.so"]).dropLast(10)), []),
            (Array(cache(["/a/x.so"]).prefix(47)), []),
            (Array("ld.so-1.7.0".utf8), []), ([], []),
        ] as [([UInt8], [String])]
    )
    func loaderCache(bytes: [UInt8], directories: [String]) {
        #expect(LoaderCache.directories(in: bytes) == Set(directories))
    }

    @Test(
        "a script's interpreter is found within the bounds of its line",
        arguments: [
            ("#!/bin/sh\n", "/bin/sh"), ("#! /usr/bin/env -S x\n", "/usr/bin/env"), ("#!/bin/sh", "/bin/sh"),
            ("#!sh\n", nil), ("#!\n", nil), ("", nil), ("\u{7F}ELF", nil), ("text", nil),
        ] as [(String, String?)]
    )
    func interpreter(text: String, loader: String?) throws {
        let directory = try FixtureDirectory()
        let helper = ProgramLoader.helper(of: try directory.file("program", text.utf8))
        #expect(helper?.path == loader && helper?.isLoader != true)
    }

    @Test("a program's loader is found within the bounds of its file")
    func theLoaderOfAProgramIsFound() throws {
        let loader = try #require(ProgramLoader.helper(of: "/usr/bin/true"))
        #expect(loader.path.contains("/ld-") && loader.isLoader)
        #expect(ProgramLoader.helper(of: "/no/such/program") == nil)
        let directory = try FixtureDirectory()
        let script = try directory.file("script", "#!/usr/bin/true\n".utf8)
        #expect(ProgramLoader.helpers(of: script) == [.init(path: "/usr/bin/true", isLoader: false), loader])
        let whole = try Data(contentsOf: URL(filePath: "/usr/bin/true"))
        for count in [16, 63, 64, 100, 200] {
            let cut = try directory.file("cut", whole.prefix(count))
            #expect(ProgramLoader.helper(of: cut) == nil)
        }
        var wild = whole
        wild.replaceSubrange(32..<40, with: [UInt8](repeating: 0xFF, count: 8))
        #expect(ProgramLoader.helper(of: try directory.file("wild", wild)) == nil)
    }

    @Test("a dynamic loader is recognized by path, link and copy")
    func loaders() throws {
        let directory = try FixtureDirectory()
        let loader = try #require(ProgramLoader.helper(of: "/usr/bin/true")).path
        let link = directory.path + "/program"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: loader)
        let copy = try directory.file("ld-other.so.1", try Data(contentsOf: URL(filePath: loader)))
        for path in [loader, link, copy] { #expect(ProgramLoader.isLoader(path), "\(path)") }
        for path in ["/usr/bin/true", "/bin/sh", "/no/such/program"] {
            #expect(!ProgramLoader.isLoader(path), "\(path)")
        }
    }

    @Test("the readable paths of every program are unique and specific")
    func whatEveryProgramReadsIsThere() {
        let paths = RuntimeFiles.paths()
        #expect(Set(paths).count == paths.count)
        #expect(!paths.contains { $0 == "/" || $0 == "/etc" || $0 == "/usr" || $0 == "/home" || $0 == "" })
    }
}
