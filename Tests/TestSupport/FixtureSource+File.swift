import Foundation

extension FixtureSource {
    /// Reads a C file of `Tests/Fixtures`.
    ///
    /// - Parameters:
    ///   - name: The name of the file, such as `worker_actor.c`.
    ///   - macros: The preprocessor macros that are defined before the file, each with its replacement.
    /// - Returns: Source text for ``FixtureDirectory/plugin(_:_:flags:compiler:)`` or
    ///   ``FixtureDirectory/program(_:_:)``.
    public static func file(_ name: String, defining macros: KeyValuePairs<String, String> = [:]) throws -> String {
        let path = FixtureDirectory.sourceDirectory + "/" + name
        let definitions = macros.map { "#define \($0) \($1)\n" }.joined()
        // The compiler then reports the file and the line of an error.
        return try definitions + "#line 1 \(literal(path))\n" + String(contentsOfFile: path, encoding: .utf8)
    }
}
