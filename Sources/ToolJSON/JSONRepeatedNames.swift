/// The repeated names found so far, each with the part of its path that the parser has already left.
struct JSONRepeatedNames {
    /// The maximum number of names to record.
    ///
    /// 0 disables recording.
    let limit: Int

    /// Reference tokens, innermost first: the parser adds the parents one by one as it ascends.
    private var paths: [[String]] = []

    init(limit: Int) { self.limit = limit }

    var count: Int { paths.count }

    /// Records a name of the object that was opened when there were `outer` paths.
    mutating func insert(_ name: String, since outer: Int) {
        guard paths.count < limit,
            !paths[outer...].contains(where: { $0.count == 1 && $0[0].hasSameBytes(as: name) })
        else { return }
        paths.append([name])
    }

    /// Adds a parent to all paths except the first `outer` ones.
    mutating func ascend(to parent: String, since outer: Int) {
        for index in outer..<paths.count { paths[index].append(parent) }
    }

    /// Returns the paths as JSON pointers.
    ///
    /// - Parameter maximumBytes: The maximum total length. The first pointer is always included.
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
