import Foundation
import Testing
import ToolJSON
import ToolSchema

/// The JSON Schema project's own suite for draft 2020-12, where a copy of it is given.
@Suite(
    "Conformance: JSON Schema 2020-12",
    .enabled(if: SchemaSuite.folder != nil, "TOOLHOST_CONFORMANCE names no folder with json-schema-2020-12")
)
struct SchemaConformanceTests {
    @Test("accepts what is valid and refuses what is not", arguments: SchemaSuite.files(in: ""))
    func required(_ file: SchemaSuite.File) throws {
        try check(file, assertsFormats: false)
    }

    @Test("asserts formats where that is asked for", arguments: SchemaSuite.files(in: "optional/format"))
    func formats(_ file: SchemaSuite.File) throws {
        try check(file, assertsFormats: true)
    }

    private func check(_ file: SchemaSuite.File, assertsFormats: Bool) throws {
        var cases = 0
        for group in try file.groups() {
            let schema = try Schema(
                #require(group["schema"]),
                documents: SchemaSuite.remotes,
                assertsFormats: assertsFormats
            )
            for test in try #require(group["tests"]?.array) {
                let data = try #require(test["data"])
                let isValid = try #require(test["valid"]?.bool as Bool?)
                let name: Comment = "\(group["description"]?.string ?? "") / \(test["description"]?.string ?? "")"
                #expect(schema.accepts(data) == isValid, name)
                #expect(schema.violations(in: data).isEmpty == isValid, name)
                // A value that satisfies a schema is never changed.
                if isValid { #expect(schema.fitting(data).value == data, name) }
                cases += 1
            }
        }
        #expect(cases > 0)
    }
}

enum SchemaSuite {
    static let folder = ProcessInfo.processInfo.environment["TOOLHOST_CONFORMANCE"].flatMap { path in
        let folder = URL(fileURLWithPath: path).appendingPathComponent("json-schema-2020-12")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }

    struct File: Sendable, CustomTestStringConvertible {
        let url: URL

        var testDescription: String { url.lastPathComponent }

        func groups() throws -> [JSON] {
            try #require(try JSON(parsing: Data(contentsOf: url)).array)
        }
    }

    static func files(in part: String) -> [File] {
        guard let folder else { return [] }
        let contents = try? FileManager.default.contentsOfDirectory(
            at: folder.appendingPathComponent(part),
            includingPropertiesForKeys: nil
        )
        return (contents ?? []).filter { $0.pathExtension == "json" }
            .sorted { $0.path < $1.path }.map { File(url: $0) }
    }

    /// The documents that the suite's references reach, under the URIs it says.
    static let remotes: SchemaDocuments = {
        var documents = SchemaDocuments()
        guard let folder = folder?.appendingPathComponent("remotes") else { return documents }
        let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
        for path in paths where path.hasSuffix(".json") {
            let data = FileManager.default.contents(atPath: folder.appendingPathComponent(path).path)
            guard let document = data.flatMap({ try? JSON(parsing: $0) }) else { continue }
            documents.register(document, at: "http://localhost:1234/" + path)
        }
        return documents
    }()
}
