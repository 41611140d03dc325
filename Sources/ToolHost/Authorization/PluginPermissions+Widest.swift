extension PluginPermissions {
    /// One phrase for the widest permission of each kind, the most dangerous kind first: `change /`,
    /// `read / (and 60 more)`.
    ///
    /// The kinds are, in this order: programs, writes, network, private reads, public reads, variables, memory. Among
    /// paths the one with the fewest names is the widest, so that `/` comes before `/usr`. The list has at most six
    /// entries, however many permissions there are; a path can be long, and is not shortened here.
    package var widestPhrases: [String] {
        func phrase(_ verb: String, _ paths: [String], of total: Int) -> [String] {
            paths.min { Self.depth($0) < Self.depth($1) }.map { [Self.phrase(verb, $0) + Self.others(total)] } ?? []
        }
        let own = privateReads
        var phrases = phrase("run", spawn, of: spawn.count) + phrase("change", write, of: write.count)
        if let port = network.min() {
            phrases.append("connect to port \(port) of any computer" + Self.others(network.count))
        }
        phrases += phrase("read", own.isEmpty ? read : own, of: read.count)
        if let name = environment.first { phrases.append("see the variable \(name)" + Self.others(environment.count)) }
        if let memory { phrases.append("use \(memory >> 20) MiB of memory") }
        return phrases
    }

    /// Returns true if the widest permission is of a more dangerous kind than the other's, or wider.
    package func isWider(than other: PluginPermissions) -> Bool { rank < other.rank }

    /// The position of the widest permission in the order of danger, the most dangerous first.
    private var rank: (kind: Int, depth: Int) {
        func widest(_ paths: [String]) -> Int { paths.map(Self.depth).min() ?? 0 }
        if !spawn.isEmpty { return (0, widest(spawn)) }
        if !write.isEmpty { return (1, widest(write)) }
        if !network.isEmpty { return (2, 0) }
        let own = privateReads
        if !own.isEmpty { return (3, widest(own)) }
        return isEmpty ? (5, 0) : (4, 0)
    }

    /// The number of names in a path, doubled.
    ///
    /// A `${KEY}` can become any path, so only `/` is wider.
    private static func depth(_ path: String) -> Int {
        key(of: path) == nil ? path.pathNames.count { $0 != "." } * 2 : 1
    }

    private static func others(_ count: Int) -> String { count > 1 ? " (and \(count - 1) more)" : "" }
}
