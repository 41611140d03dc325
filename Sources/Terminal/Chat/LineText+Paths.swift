extension LineText {
    /// The maximum number of paths in a line.
    private static let pathLimit = 64

    /// The paths of the typed words that begin with `@`, in order and each one once.
    ///
    /// A word that was pasted, or that touches pasted text, is no path: pasted text must not make the program read files. A
    /// path with spaces stands in quotation marks: `@"my notes.txt"`.
    package var typedPaths: [String] {
        var paths: [String] = []
        var isAfterSpace = true
        let parts = parts
        for (index, part) in parts.enumerated() {
            let touchesPaste = index + 1 < parts.count && parts[index + 1].text.first?.isWhitespace == false
            if !part.isPasted { add(part.text[...], isAfterSpace, touchesPaste, to: &paths) }
            isAfterSpace = part.text.last?.isWhitespace == true
        }
        return paths
    }

    private func add(_ text: Substring, _ isAfterSpace: Bool, _ touchesPaste: Bool, to paths: inout [String]) {
        var (rest, isStart) = (text, isAfterSpace)
        while let first = rest.first, paths.count < Self.pathLimit {
            guard isStart, first == "@" else {
                isStart = first.isWhitespace
                rest.removeFirst()
                continue
            }
            rest.removeFirst()
            let isQuoted = rest.first == "\""
            if isQuoted { rest.removeFirst() }
            let path = rest.prefix { isQuoted ? $0 != "\"" : !$0.isWhitespace }
            rest = rest[path.endIndex...]
            let isWhole = isQuoted ? !rest.isEmpty : !(rest.isEmpty && touchesPaste)
            if isWhole, !path.isEmpty, !paths.contains(String(path)) { paths.append(String(path)) }
            isStart = false
        }
    }
}
