import ToolHost

/// The tools of one agent beside those of its host.
///
/// They run through the same dispatch as all others. A tool of the host takes precedence over one of the same name, which
/// then does not exist.
struct OwnTools: Sendable {
    /// The results that the model can read in parts, or nil if it cannot.
    private(set) var results: KeptResults?
    /// The search for tools, or nil if all tools are offered.
    private(set) var search: ToolSearch?
    private var reading: RegisteredTool?
    private var finding: RegisteredTool?

    /// Creates the tools.
    ///
    /// - Parameters:
    ///   - offersReading: True to offer ``ResultReading``.
    ///   - search: The search for tools, or nil to offer all tools.
    ///   - names: The names that the host's tools have.
    init(offersReading: Bool, search: ToolSearch?, besides names: Set<String>) {
        if offersReading, !names.contains(ResultReading.name) {
            let results = KeptResults()
            self.results = results
            reading = ResultReading(results: results).tool
        }
        if let search, !names.contains(ToolFinding.name) {
            self.search = search
            finding = ToolFinding(search: search).tool
        }
    }

    /// The tools that can be called now, in the order of requests.
    var registered: [RegisteredTool] {
        [search?.isOn == true ? finding : nil, reading].compactMap(\.self)
    }

    /// The names of the tools that can be called now.
    var names: Set<String> { Set(registered.map(\.name)) }

    /// The tools that can be called now, in the form of requests.
    var offered: [OfferedTool] { registered.map(\.offered) }
}
