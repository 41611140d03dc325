// MARK: - Numbers within a range

extension JSON {
    /// Returns the number as an integer, or nil if the value is not a number, has a fraction or is outside the range.
    ///
    /// Swift traps on arithmetic overflow. Read a number from outside with a range that leaves room for all later
    /// arithmetic.
    package func int(in range: ClosedRange<Int>) -> Int? {
        int.flatMap { range.contains($0) ? $0 : nil }
    }

    /// Returns the nearest floating-point number, or nil if the value is not a number or is outside the range.
    package func double(in range: ClosedRange<Double>) -> Double? {
        number.flatMap { range.contains($0.double) ? $0.double : nil }
    }
}
