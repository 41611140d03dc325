import Foundation

extension PluginWorkshop {
    /// Creates plugins with one tool each: compiles one, and copies it with other names.
    ///
    /// - Returns: Their directory.
    func copiedPlugins(_ count: Int) throws -> URL {
        let pattern = "tool_0000"
        try plugin(pattern, in: "pattern")
        let content = try Data(contentsOf: directory.appending(path: "pattern/\(pattern).so"))
        let copies = directory.appending(path: "copies-\(count)")
        try FileManager.default.createDirectory(at: copies, withIntermediateDirectories: true)
        for index in 0..<count {
            let digits = String(index)
            let name = pattern.dropLast(digits.count) + digits
            var copy = content
            var start = copy.startIndex
            while let found = copy.range(of: Data(pattern.utf8), in: start..<copy.endIndex) {
                copy.replaceSubrange(found, with: Data(name.utf8))
                start = found.upperBound
            }
            try copy.write(to: copies.appending(path: "\(name).so"))
        }
        return copies
    }
}
