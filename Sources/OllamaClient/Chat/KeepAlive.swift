import ToolJSON

/// The time for which a server keeps a model loaded after a request: Ollama's `keep_alive`.
public struct KeepAlive: Sendable, Hashable {
    let json: JSON

    /// Creates the time that a string names in Ollama's syntax: seconds (`300`), or a duration such as `5m` or `1h30m`.
    ///
    /// Zero unloads the model immediately. A negative time keeps it loaded until the server exits.
    ///
    /// - Parameter text: A whole number of seconds in the range of 32 bits, or a duration of at most 40 bytes.
    /// - Returns: Nil for any other string.
    public init?(_ text: String) {
        if let seconds = Int32(text) {
            json = .int(Int(seconds))
        } else if Self.isDuration(text) {
            json = .string(text)
        } else {
            return nil
        }
    }

    /// Returns true for a duration in Go's syntax: numbers, each with a unit.
    private static func isDuration(_ text: String) -> Bool {
        guard text.utf8.count <= 40 else { return false }
        var rest = text[...]
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return false }
        while !rest.isEmpty {
            let number = rest.prefix { "0123456789.".contains($0) }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !"0123456789.".contains($0) }
            rest = rest.dropFirst(unit.count)
            let isNumber = number.first != "." && number.last != "." && number.count { $0 == "." } <= 1
            let isUnit = ["ns", "us", "µs", "ms", "s", "m", "h"].contains(unit)
            guard !number.isEmpty, isNumber, isUnit else { return false }
        }
        return true
    }
}
