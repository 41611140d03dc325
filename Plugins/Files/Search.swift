import ToolPlugin

/// A search for a text in the files below a directory, with limits.
struct Search {
    let text: String
    let context: ToolContext

    private static let maximumMatches = 200
    private static let maximumFiles = 20_000
    private static let maximumFileBytes = 4 << 20
    private static let maximumDepth = 32
    private static let maximumLine = 300

    private struct State {
        var matches: [JSON] = []
        var files = 0
        var isComplete = true
    }

    func report(_ root: Root, _ path: RelativePath) throws(ToolError) -> JSON {
        var state = State()
        try visit(root, path, depth: 0, &state)
        return [
            "matches": .array(state.matches), "files_searched": .int(state.files), "complete": .bool(state.isComplete),
        ]
    }

    private func visit(_ root: Root, _ path: RelativePath, depth: Int, _ state: inout State) throws(ToolError) {
        guard depth < Self.maximumDepth else {
            state.isComplete = false
            return
        }
        let (entries, isComplete) = try Listing.entries(of: try root.directory(path), path)
        state.isComplete = state.isComplete && isComplete
        for entry in entries {
            try context.checkCancellation()
            guard state.matches.count < Self.maximumMatches, state.files < Self.maximumFiles else {
                state.isComplete = false
                return
            }
            switch entry.kind {
            case .directory:
                // A directory that cannot be read, or was removed, does not stop the search.
                do {
                    try visit(root, path.appending(entry.name), depth: depth + 1, &state)
                } catch let error where error.code != .cancelled {
                    state.isComplete = false
                }
            case .file:
                searchFile(root, path.appending(entry.name), &state)
            case .link, .other:
                continue
            }
        }
    }

    private func searchFile(_ root: Root, _ path: RelativePath, _ state: inout State) {
        state.files += 1
        guard let bytes = try? root.file(path).bytes(at: 0, limit: Self.maximumFileBytes),
            let contents = Reading.text(bytes)?.text
        else { return }
        if bytes.count == Self.maximumFileBytes { state.isComplete = false }
        let wanted = Array(text.utf8)
        let lines = Array(contents.utf8).split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where Self.contains(wanted, line) {
            guard state.matches.count < Self.maximumMatches else { return }
            state.matches.append([
                "path": .string(path.text), "line": .int(index + 1),
                "text": .string(String(decoding: line.prefix(Self.maximumLine), as: UTF8.self)),
            ])
        }
    }

    /// Returns true if a line contains bytes.
    ///
    /// The search of the standard library would add 1.2 MB to this plugin.
    private static func contains(_ wanted: [UInt8], _ line: ArraySlice<UInt8>) -> Bool {
        guard let first = wanted.first else { return true }
        var rest = line
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: wanted) { return true }
            rest = rest.dropFirst()
        }
        return false
    }
}
