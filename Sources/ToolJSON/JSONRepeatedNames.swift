/// The names that a text has been found to repeat, each with its path as far as the parser has left it.
struct JSONRepeatedNames {
    /// How many are kept; none where nobody asks.
    let limit: Int

    /// Reference tokens, the innermost first: a parser that ascends from a name learns of its parents one by one.
    private var paths: [[String]] = []

    init(limit: Int) { self.limit = limit }

    var count: Int { paths.count }

    /// Notes a name of the object that was opened when there were `outer` paths.
    mutating func insert(_ name: String, since outer: Int) {
        guard paths.count < limit,
            !paths[outer...].contains(where: { $0.count == 1 && $0[0].hasSameBytes(as: name) })
        else { return }
        paths.append([name])
    }

    /// Puts a parent around all paths but the first `outer`.
    mutating func ascend(to parent: String, since outer: Int) {
        for index in outer..<paths.count { paths[index].append(parent) }
    }

    /// The paths as JSON pointers; after the first, only as many as are no longer than that in sum.
    func pointers(maximumBytes: Int) -> [String] {
        var pointers: [String] = []
        var bytes = 0
        for path in paths {
            bytes += path.reduce(0) { $0 + $1.utf8.count + 1 }
            if bytes > maximumBytes, !pointers.isEmpty { break }
            pointers.append(JSONPointer.descending(by: path.reversed()))
        }
        return pointers
    }
}
