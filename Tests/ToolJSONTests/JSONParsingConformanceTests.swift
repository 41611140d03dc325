import Foundation
import Testing
import ToolJSON

/// The files of the JSONTestSuite, in a directory that is not part of this package.
private enum Conformance {
    static let directory = ProcessInfo.processInfo.environment["TOOLHOST_CONFORMANCE"]
        .map { URL(filePath: $0).appending(path: "json-parsing") }

    static let files: [String] = {
        guard let directory else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted()
    }()
}

@Suite("JSONTestSuite")
struct JSONParsingConformanceTests {
    @Test(
        "the parser accepts y_ files, rejects n_ files and survives i_ files",
        .enabled(if: Conformance.directory != nil, "TOOLHOST_CONFORMANCE names no directory"),
        arguments: Conformance.files
    )
    func file(name: String) throws {
        let directory = try #require(Conformance.directory)
        let bytes = [UInt8](try Data(contentsOf: directory.appending(path: name)))
        let value = try? JSON(parsing: bytes)
        switch name.prefix(2) {
        case "y_": #expect(value != nil)
        case "n_": #expect(value == nil)
        default: break
        }
        // An accepted text must survive writing and parsing.
        if let value { #expect(try JSON(parsing: value.bytes(.pretty)) == value) }
    }

    @Test(
        "the directory of the suite contains files",
        .enabled(if: Conformance.directory != nil, "TOOLHOST_CONFORMANCE names no directory")
    )
    func files() {
        #expect(!Conformance.files.isEmpty)
    }
}
