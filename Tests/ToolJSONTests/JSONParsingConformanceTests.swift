import Foundation
import Testing
import ToolJSON

/// The files of the JSONTestSuite, in a folder that is not part of this package.
private enum Conformance {
    static let folder = ProcessInfo.processInfo.environment["TOOLHOST_CONFORMANCE"]
        .map { URL(filePath: $0).appending(path: "json-parsing") }

    static let files: [String] = {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted()
    }()
}

@Suite("JSONTestSuite")
struct JSONParsingConformanceTests {
    @Test(
        "accepts y_, refuses n_, survives i_",
        .enabled(if: Conformance.folder != nil, "TOOLHOST_CONFORMANCE names no folder"),
        arguments: Conformance.files
    )
    func file(name: String) throws {
        let folder = try #require(Conformance.folder)
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: name)))
        let value = try? JSON(parsing: bytes)
        switch name.prefix(2) {
        case "y_": #expect(value != nil)
        case "n_": #expect(value == nil)
        default: break
        }
        // Whatever was taken is written so that it reads the same again.
        if let value { #expect(try JSON(parsing: value.bytes(.pretty)) == value) }
    }

    @Test(
        "has files",
        .enabled(if: Conformance.folder != nil, "TOOLHOST_CONFORMANCE names no folder")
    )
    func files() {
        #expect(!Conformance.files.isEmpty)
    }
}
