// MARK: - Numbers within a range

extension JSON {
    /// The number as an integer, if it has no fraction and lies within a range.
    ///
    /// Swift traps where arithmetic overflows. A number from outside is therefore read with a range for which all later
    /// arithmetic has room.
    package func int(in range: ClosedRange<Int>) -> Int? {
        int.flatMap { range.contains($0) ? $0 : nil }
    }

    /// The nearest floating-point number, if it lies within a range.
    package func double(in range: ClosedRange<Double>) -> Double? {
        number.flatMap { range.contains($0.double) ? $0.double : nil }
    }
}
