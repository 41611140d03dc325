import ToolJSON

extension HeaderReader {
    /// Computes the layouts of types with clang, because attributes, pragmas and flags change them.
    ///
    /// - Parameters:
    ///   - names: C names of structures and enumerations.
    ///   - declarations: The declarations of the headers.
    /// - Returns: The layouts by name, without those that clang cannot compute.
    func layouts(
        of names: Set<String>,
        in declarations: Declarations,
        headers: [[String]],
        directories: [String]
    ) async throws(BindingError) -> [String: Declarations.Layout] {
        let names = names.sorted()
        guard !names.isEmpty else { return [:] }
        // The values of one enumeration for each type are its layout. An error in one does not affect the others.
        let enumerations = names.enumerated().map { index, name in
            let fields = declarations.structures[name].map { $0.isPlain ? $0.fields.map(\.name) : [] } ?? []
            let expressions =
                ["sizeof(\(name))", "_Alignof(\(name))"] + fields.map { "__builtin_offsetof(\(name), \($0))" }
            let values = expressions.enumerated().map { "\(Self.prefix)\(index)_\($0.offset) = \($0.element)" }
            return "enum \(Self.prefix)\(index) { \(values.joined(separator: ", ")) };\n"
        }
        let output = try await syntaxTree(
            of: headers,
            directories: directories,
            followedBy: enumerations.joined(),
            options: ["-ferror-limit=0", "-Xclang", "-ast-dump-filter=\(Self.prefix)"]
        )
        var layouts: [String: Declarations.Layout] = [:]
        for document in Self.documents(output.bytes) {
            guard let tree = try? JSON(parsing: document, limits: Self.limits), tree["kind"] == "EnumDecl",
                let index = (tree["name"]?.string?.dropFirst(Self.prefix.count)).flatMap({ Int($0) }),
                names.indices.contains(index)
            else { continue }
            let constants = (tree["inner"]?.array ?? []).filter { $0["kind"] == "EnumConstantDecl" }
            let values = constants.compactMap { SyntaxTreeReader.constant($0).flatMap { Int($0) } }
            // A header may contain an enumeration with the same name.
            guard values.count == constants.count, values.count >= 2, values.allSatisfy({ 0...1 << 40 ~= $0 }) else {
                continue
            }
            layouts[names[index]] = Declarations.Layout(
                size: values[0],
                alignment: values[1],
                offsets: Array(values.dropFirst(2))
            )
        }
        return layouts
    }

    /// The prefix of the names of the enumerations.
    private static let prefix = "toolhost_layout_"

    /// Splits the output of clang into its JSON documents.
    ///
    /// Only their own braces are at the start of a line.
    static func documents(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var (documents, start): ([ArraySlice<UInt8>], Int?) = ([], nil)
        var line = bytes.startIndex
        while line < bytes.endIndex {
            let end = bytes[line...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.endIndex
            if bytes[line] == UInt8(ascii: "{") { start = line }
            if bytes[line] == UInt8(ascii: "}"), let first = start {
                documents.append(bytes[first..<end])
                start = nil
            }
            line = end + 1
        }
        return documents
    }
}
