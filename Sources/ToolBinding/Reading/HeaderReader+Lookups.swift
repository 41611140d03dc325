import ToolJSON

extension HeaderReader {
    /// Computes the lengths of arrays with clang, which may be macros or enumeration constants.
    ///
    /// - Parameter expressions: Expressions of a header, without braces and semicolons.
    /// - Returns: The values by expression, without those that are not positive constants.
    func lengths(
        of expressions: Set<String>,
        headers: [[String]],
        directories: [String]
    ) async throws(BindingError) -> [String: Int] {
        var lengths: [String: Int] = [:]
        for expression in expressions { lengths[expression] = Int(expression) }
        let open = expressions.filter { lengths[$0] == nil }.sorted()
        guard !open.isEmpty else { return lengths.filter { Self.possibleLengths ~= $0.value } }
        let enumerations = open.enumerated().map { index, expression in
            "enum \(Self.lengthPrefix)\(index) { \(Self.lengthPrefix)\(index)_0 = (\(expression)) };\n"
        }
        let output = try await syntaxTree(
            of: headers,
            directories: directories,
            followedBy: enumerations.joined(),
            options: ["-ferror-limit=0", "-Xclang", "-ast-dump-filter=\(Self.lengthPrefix)"]
        )
        for document in Self.documents(output.bytes) {
            guard let tree = try? JSON(parsing: document, limits: Self.limits), tree["kind"] == "EnumDecl",
                let index = (tree["name"]?.string?.dropFirst(Self.lengthPrefix.count)).flatMap({ Int($0) }),
                open.indices.contains(index),
                let constant = tree["inner"]?.array?.first(where: { $0["kind"] == "EnumConstantDecl" })
            else { continue }
            lengths[open[index]] = SyntaxTreeReader.constant(constant).flatMap { Int($0) }
        }
        return lengths.filter { Self.possibleLengths ~= $0.value }
    }

    private static let lengthPrefix = "toolhost_length_"
    private static let possibleLengths = 1...1 << 20

    /// Returns the definition of a macro, or nil if the headers do not define it.
    func macro(_ name: String, headers: [[String]], directories: [String]) async -> (parameters: String, text: String)?
    {
        guard let output = try? await preprocessed(headers: headers, directories: directories), output.isSuccess else {
            return nil
        }
        for line in output.bytes.split(separator: UInt8(ascii: "\n")) where line.starts(with: "#define \(name)".utf8) {
            let text = String(decoding: line.dropFirst("#define \(name)".utf8.count), as: UTF8.self)
            guard let first = text.first else { return ("", "") }
            if first == " " { return ("", String(text.dropFirst())) }
            guard first == "(", let close = text.firstIndex(of: ")") else { continue }
            let end = text.index(after: close)
            return (String(text[..<end]), String(text[end...].drop { $0 == " " }))
        }
        return nil
    }

    /// Returns the macro definitions of headers, as clang prints them.
    private func preprocessed(headers: [[String]], directories: [String]) async throws(BindingError) -> Program.Output {
        var inclusions = ""
        for names in headers { inclusions += try Self.inclusion(names) }
        return try await clang.run(
            ["-x", "c", "-std=gnu17", "-E", "-dM", "-w"] + directories.flatMap { ["-I", $0] } + ["-"],
            input: inclusions,
            limit: 64 << 20
        )
    }
}
