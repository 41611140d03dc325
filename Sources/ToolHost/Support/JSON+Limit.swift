package import ToolJSON

extension JSON {
    /// Returns the value of a limit in a configuration file.
    ///
    /// - Throws: ``ToolHostError`` that names the range if this is not a whole number within it.
    package func limit(_ key: String, in range: ClosedRange<Int>) throws(ToolHostError) -> Int {
        guard let count = int(in: range) else {
            throw ToolHostError(
                .invalidConfiguration,
                message: "The limit \"\(key)\" must be a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return count
    }
}
