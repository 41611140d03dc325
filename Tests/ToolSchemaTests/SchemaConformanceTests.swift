import Foundation
import Testing
import ToolJSON
import ToolSchema

/// The test suite of the JSON Schema project for each draft, if the environment names a copy of it.
@Suite(
    "Conformance: JSON Schema",
    .enabled(if: !SchemaSuite.all.isEmpty, "TOOLHOST_CONFORMANCE names no directory with the suites of JSON Schema")
)
struct SchemaConformanceTests {
    @Test("a draft accepts valid values and rejects invalid ones", arguments: SchemaSuite.all)
    func required(_ suite: SchemaSuite) throws { #expect(try check(suite, in: "") > 0) }

    @Test("a draft accepts valid values and rejects invalid ones in optional cases", arguments: SchemaSuite.all)
    func optional(_ suite: SchemaSuite) throws { _ = try check(suite, in: "optional") }

    @Test("formats are enforced on request", arguments: SchemaSuite.all)
    func formats(_ suite: SchemaSuite) throws { _ = try check(suite, in: "optional/format", assertsFormats: true) }

    /// Checks the cases of one part of a suite and returns their number.
    private func check(_ suite: SchemaSuite, in part: String, assertsFormats: Bool = false) throws -> Int {
        var (checked, excluded) = (0, 0)
        for file in suite.files(in: part) {
            let path = part.isEmpty ? file.lastPathComponent : "\(part)/\(file.lastPathComponent)"
            for group in try #require(try JSON(parsing: Data(contentsOf: file)).array) {
                let tests = try #require(group["tests"]?.array)
                let title = "\(path) / \(group["description"]?.string ?? "")"
                guard SchemaSuite.exclusions[path] == nil else {
                    excluded += tests.count
                    continue
                }
                let schema: Schema
                do {
                    schema = try Schema(
                        suite.declared(#require(group["schema"])),
                        documents: SchemaSuite.remotes,
                        assertsFormats: assertsFormats
                    )
                } catch let error as SchemaError where !suite.hasRemotes && error.isOfMissingDocument {
                    // This copy does not contain the documents that the schema refers to.
                    excluded += tests.count
                    continue
                }
                for test in tests {
                    try check(test, schema, title)
                    checked += 1
                }
            }
        }
        print("\(suite) \(part.isEmpty ? "required" : part): \(checked) cases checked, \(excluded) excluded")
        // Without the documents of references, some cases cannot run.
        #expect(excluded * (part.isEmpty ? 20 : 5) <= checked, "Too many cases are excluded.")
        return checked
    }

    private func check(_ test: JSON, _ schema: Schema, _ title: String) throws {
        let data = try #require(test["data"])
        let isValid = try #require(test["valid"]?.bool as Bool?)
        let name: Comment = "\(title) / \(test["description"]?.string ?? "")"
        #expect(schema.accepts(data) == isValid, name)
        #expect(schema.violations(in: data).isEmpty == isValid, name)
        // Coercion never changes a valid value.
        if isValid { #expect(schema.fitting(data).value == data, name) }
    }
}

extension SchemaError {
    fileprivate var isOfMissingDocument: Bool {
        message.contains("not registered") || message.contains("localhost:1234")
    }
}

/// The suite of one draft.
struct SchemaSuite: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    let name: String
    /// The `$schema` of the draft, which the suite's schemas omit.
    let uri: String?
    /// The directory with the documents for references.
    let remotes: String

    var description: String { name }
    var testDescription: String { name }

    /// The excluded optional files and the reasons.
    static let exclusions = [
        "optional/zeroTerminatedFloats.json": "1.0 is an integer in all drafts; a tool gets it as 1",
        "optional/content.json": "contentMediaType and contentEncoding are annotations, as later drafts have it",
    ]

    static let all: [SchemaSuite] = [
        SchemaSuite(name: "draft-04", uri: "http://json-schema.org/draft-04/schema#", remotes: "draft4"),
        SchemaSuite(name: "draft-06", uri: "http://json-schema.org/draft-06/schema#", remotes: "draft6"),
        SchemaSuite(name: "draft-07", uri: "http://json-schema.org/draft-07/schema#", remotes: "draft7"),
        SchemaSuite(name: "2019-09", uri: "https://json-schema.org/draft/2019-09/schema", remotes: "draft2019-09"),
        SchemaSuite(name: "2020-12", uri: nil, remotes: "draft2020-12"),
    ].filter { suite in suite.directory.map { FileManager.default.fileExists(atPath: $0.path) } ?? false }

    private static let root = ProcessInfo.processInfo.environment["TOOLHOST_CONFORMANCE"].map {
        URL(fileURLWithPath: $0)
    }

    private var directory: URL? { Self.root?.appendingPathComponent("json-schema-\(name)") }

    func files(in part: String) -> [URL] {
        guard let directory = directory?.appendingPathComponent(part) else { return [] }
        let contents = try? FileManager.default.contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
        return (contents ?? []).filter { $0.pathExtension == "json" }.sorted { $0.path < $1.path }
    }

    /// Returns the schema with the `$schema` of the draft, which the suite omits before 2019-09.
    func declared(_ schema: JSON) -> JSON {
        guard let uri, let members = schema.object, members["$schema"] == nil else { return schema }
        return .object(JSONObject([("$schema", .string(uri))] + members.map { ($0.key, $0.value) }))
    }

    private static let remotesDirectory = root?.appendingPathComponent("json-schema-2020-12/remotes")

    /// True if the copy contains the documents for references.
    var hasRemotes: Bool {
        guard let directory = Self.remotesDirectory?.appendingPathComponent(remotes) else { return false }
        return FileManager.default.fileExists(atPath: directory.path)
    }

    /// The documents for references, registered under the URIs that the suites use.
    static let remotes: SchemaDocuments = {
        var documents = SchemaDocuments()
        guard let directory = remotesDirectory else { return documents }
        let paths = FileManager.default.enumerator(atPath: directory.path)?.compactMap { $0 as? String } ?? []
        for path in paths where path.hasSuffix(".json") {
            let data = FileManager.default.contents(atPath: directory.appendingPathComponent(path).path)
            guard let document = data.flatMap({ try? JSON(parsing: $0) }) else { continue }
            documents.register(document, at: "http://localhost:1234/" + path)
        }
        return documents
    }()
}
