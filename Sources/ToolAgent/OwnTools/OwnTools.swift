import ToolHost
import ToolJSON

/// The tools of one agent beside those of its host.
///
/// They run through the same dispatch as all others. A tool of the host takes precedence over one of the same name, which
/// then does not exist.
struct OwnTools: Sendable {
    /// The results that the model can read in parts, or nil if it cannot.
    private(set) var results: KeptResults?
    /// The tools, in the order in which requests have them.
    private(set) var registered: [RegisteredTool] = []

    /// Creates the tools.
    ///
    /// - Parameters:
    ///   - offersReading: True to offer ``ResultReading``.
    ///   - names: The names that the host's tools have.
    init(offersReading: Bool, besides names: Set<String>) {
        if offersReading, !names.contains(ResultReading.name) {
            let results = KeptResults()
            guard let tool = ResultReading(results: results).tool else { return }
            self.results = results
            registered.append(tool)
        }
    }

    /// The names of the tools.
    var names: Set<String> { Set(registered.map(\.name)) }
}
