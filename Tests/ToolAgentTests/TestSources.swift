import Foundation
import Testing

/// The sources of all tests, to check that a test exists that another one names.
enum TestSources {
    /// The texts by the names of the files.
    private static let texts: [String: String] = {
        var directory = URL(filePath: #filePath)
        for _ in 0..<2 { directory.deleteLastPathComponent() }
        var texts: [String: String] = [:]
        guard let files = FileManager.default.enumerator(at: directory, includingPropertiesForKeys: nil) else {
            return [:]
        }
        for case let file as URL in files where file.pathExtension == "swift" {
            texts[file.lastPathComponent] = try? String(contentsOf: file, encoding: .utf8)
        }
        return texts
    }()

    /// Expects that a test exists.
    ///
    /// - Parameter name: The names of a type and of a function of it: `AgentTests.answer`.
    static func expectTest(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let parts = name.split(separator: ".")
        let text = parts.first.flatMap { texts[$0 + ".swift"] } ?? ""
        let hasType = parts.count == 2 && text.contains("struct \(parts[0]) {")
        #expect(
            hasType && text.contains("    func \(parts[1])("),
            "there is no \(name)",
            sourceLocation: sourceLocation
        )
    }
}
