import ToolJSON

extension Evaluator {
    /// Returns the quoted name that is most similar to one that a rule does not allow, or nil if none is similar.
    ///
    /// The names of a rule are indexed once for all violations of a report.
    mutating func nearest(
        to name: String,
        among names: some Sequence<String>,
        of rule: Rule,
        at node: Int
    ) throws(CheckError) -> String? {
        let key = "\(node) \(rule.keyword)"
        if let prepared = report?.nearNames[key] {
            return try Nearest.name(to: name, among: prepared, spending: &budget)
        }
        let prepared = try Nearest.prepared(names, spending: &budget)
        report?.nearNames[key] = prepared
        return try Nearest.name(to: name, among: prepared, spending: &budget)
    }
}
