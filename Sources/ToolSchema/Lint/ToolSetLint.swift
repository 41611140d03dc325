import ToolJSON

/// The checks that compare several tools.
struct ToolSetLint {
    private(set) var findings: Set<SchemaFinding> = []

    init(tools: [JSONObject]) {
        let names = tools.compactMap { $0["name"]?.string }.filter { !$0.isEmpty }
        findOverlaps(names)
        for group in Dictionary(grouping: names, by: { LintName(text: $0).key }).values where group.count > 1 {
            reportEach(of: group, .similarNames, "/name") { others in
                "The name is similar to \(others), and models confuse them. Choose names that differ in a word."
            }
        }
        findSharedDescriptions(tools)
        measure(tools)
    }

    /// Finds names that are part of others.
    ///
    /// It looks up every part of every portable name, so that the time grows with the number of names and not of pairs.
    private mutating func findOverlaps(_ names: [String]) {
        let names = Set(names.filter { LintName(text: $0).problem == nil })
        let shortest = names.lazy.map(\.utf8.count).min() ?? 0
        var owners: [Substring: [String]] = [:]
        let parts = Set(names.map { $0[...] })
        for name in names {
            var found: Set<Substring> = []
            var rest = name[...]
            while rest.utf8.count >= shortest {
                for length in shortest...rest.utf8.count where length < name.utf8.count {
                    let part = rest.prefix(length)
                    if parts.contains(part) { found.insert(part) }
                }
                rest.removeFirst()
            }
            for part in found { owners[part, default: []].append(name) }
        }
        for (part, owners) in owners {
            let others = owners.sorted().quotedForFinding(of: owners.count)
            report(
                .overlappingNames,
                String(part),
                "/name",
                "The name is part of \(others), so a call of one can be mistaken for a call of the other. "
                    + "Choose a name that is part of no other."
            )
        }
    }

    private mutating func findSharedDescriptions(_ tools: [JSONObject]) {
        let described = tools.filter { !($0["description"]?.string ?? "").isEmpty }
        let groups = Dictionary(grouping: described) { ($0["description"]?.string ?? "").lowercased() }
        for group in groups.values where group.count > 1 {
            reportEach(of: group.map { $0["name"]?.string ?? "" }, .duplicateDescription, "/description") { others in
                "The description is the same as that of \(others). Describe how the tools differ."
            }
        }
    }

    private mutating func measure(_ tools: [JSONObject]) {
        if tools.count > LintLimits.tools {
            report(
                .manyTools,
                "",
                "",
                "There are \(tools.count) tools, and small models choose badly among more than \(LintLimits.tools). "
                    + "Offer fewer at a time."
            )
        }
        let tokens = tools.reduce(0) { $0 + SchemaLint.estimatedTokens(of: $1) }
        if tokens > LintLimits.tokens {
            report(
                .tokenCost,
                "",
                "",
                "All \(tools.count) tools take about \(tokens) tokens of every request, at "
                    + "\(LintLimits.bytesPerToken) bytes per token; more than \(LintLimits.tokens) is too much. "
                    + "Offer fewer at a time, or shorten them."
            )
        }
    }

    /// Reports each of several names, with a message about the others.
    private mutating func reportEach(
        of names: [String],
        _ rule: LintRule,
        _ path: String,
        message: (_ others: String) -> String
    ) {
        let names = names.sorted()
        for (position, name) in names.enumerated() {
            // Four names suffice to list three others. Listing all in each message would be quadratic.
            var others = Array(names.prefix(4))
            others.remove(at: min(position, others.count - 1))
            report(rule, name, path, message(others.quotedForFinding(of: names.count - 1)))
        }
    }

    private mutating func report(_ rule: LintRule, _ tool: String, _ path: String, _ message: String) {
        findings.insert(SchemaFinding(rule: rule, tool: tool, path: path, message: message))
    }
}
