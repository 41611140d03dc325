package import ToolJSON

extension JSONDocument {
    /// Parses a piece of a response and stores at most a number of its calls.
    ///
    /// The other calls are parsed and counted, because a message may have more calls than fit into memory. A model
    /// writes its text token by token, so half of a surrogate pair can arrive alone. It becomes U+FFFD and is not an
    /// error.
    ///
    /// - Parameters:
    ///   - bytes: The JSON text.
    ///   - maximumCalls: The maximum number of calls to store.
    ///   - callDepth: The maximum depth of an object with calls; the outermost object has depth 1.
    ///   - limits: The limits of the JSON value, without the calls that are not stored.
    package init(
        answer bytes: some Collection<UInt8>,
        maximumCalls: Int,
        callDepth: Int = 2,
        // Without its calls, a message has few values. The limit allows about 50 MB.
        limits: JSONLimits = JSONLimits(values: 1 << 18)
    ) throws(JSONError) {
        let calls = JSONExcerpt(name: "tool_calls", depth: callDepth, limit: maximumCalls)
        try self.init(parsing: bytes, limits: limits, excerpt: calls, replacesLoneSurrogates: true)
    }

    /// Parses a piece of a response in which bytes that are not UTF-8 become U+FFFD as well.
    package init(
        repairing bytes: [UInt8],
        maximumCalls: Int,
        callDepth: Int = 2,
        limits: JSONLimits = JSONLimits(values: 1 << 18)
    ) throws(JSONError) {
        do throws(JSONError) {
            self = try JSONDocument(answer: bytes, maximumCalls: maximumCalls, callDepth: callDepth, limits: limits)
        } catch {
            // The bytes may be a lone surrogate, or one half of a character that was cut in two.
            guard String(validating: bytes, as: UTF8.self) == nil else { throw error }
            let repaired = Array(String(decoding: bytes, as: UTF8.self).utf8)
            self = try JSONDocument(answer: repaired, maximumCalls: maximumCalls, callDepth: callDepth, limits: limits)
        }
    }
}
