import TestSupport
import Testing

@testable import ToolBinding

@Suite("Libraries by name") struct NamedLibraryTests {
    @Test("a library by its path has that path, the stem of its name and directories of headers beside it")
    func paths() throws {
        let directory = try FixtureDirectory()
        let path = try directory.plugin("libshapes.so.1.2", "int f(void) { return 0; }\n")
        let named = try NamedLibrary(path)
        #expect(named.reference == path && named.stem == "shapes")
        #expect(named.headerDirectories == [directory.path, "\(directory.path)/../include"])
        #expect(named.manualDirectories.first == "\(directory.path)/../share/man")
    }

    @Test(
        "a library of the system is found by its name for the linker and by its file name",
        arguments: ["m", "libm.so.6"]
    )
    func systemLibraries(name: String) throws {
        let named = try NamedLibrary(name)
        #expect(named.reference == "libm.so.6" && named.stem == "m")
        #expect(named.library.functions.contains("pow") && named.headerDirectories.isEmpty)
    }

    @Test(
        "a library that does not exist is reported with similar names",
        arguments: [("libc.so.66", "libc.so.6"), ("libm.so.66", "libm.so.6")]
    )
    func missing(name: String, known: String) {
        let error = #expect(throws: BindingError.self) { try NamedLibrary(name) }
        #expect(error?.code == .notFound)
        #expect(error?.remedy?.choice?.name == name && error?.remedy?.choice?.known.contains(known) == true)
    }

    @Test("a path that is not a library is reported")
    func notALibrary() throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("libtext.so", "text".utf8)
        let error = #expect(throws: BindingError.self) { try NamedLibrary(path) }
        #expect(error?.code == .notFound && error?.message.contains("libtext.so") == true)
    }
}
