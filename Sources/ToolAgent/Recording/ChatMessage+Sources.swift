package import OllamaClient
package import ToolJSON

extension ChatMessage {
    /// The outside sources as a JSON array, or nil if there are none.
    package var sourcesJSON: JSON? { outsideSources.isEmpty ? nil : .array(outsideSources.map(JSON.string)) }

    /// Adds the outside sources in a stored JSON value, which is untrusted: their number and length are bounded.
    package mutating func addSources(stored json: JSON?) {
        outsideSources.addSources((json?.array ?? []).prefix(64).compactMap(\.string))
    }
}
