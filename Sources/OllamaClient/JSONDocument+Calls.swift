package import ToolJSON

extension JSONDocument {
    /// Parses a piece of an answer, of which at most so many calls are kept.
    ///
    /// The rest is parsed and counted: a message may have more calls than memory has room for.
    package init(answer bytes: some Collection<UInt8>, maximumCalls: Int) throws(JSONError) {
        // Without its calls, a message is a few values. These would take about 50 MB.
        let limits = JSONLimits(values: 1 << 18)
        let calls = JSONExcerpt(name: "tool_calls", depth: 2, limit: maximumCalls)
        try self.init(parsing: bytes, limits: limits, excerpt: calls)
    }
}
