import ArgumentParser
import ToolHost

/// A reader of numbers in options, whose error messages name the valid range.
enum NumberOption {
    /// Returns a function that reads a whole number within a range.
    static func integer(in range: ClosedRange<Int>) -> @Sendable (String) throws -> Int {
        { text in
            guard let number = Int(text), range.contains(number) else {
                throw ValidationError("expected a whole number from \(range.lowerBound) to \(range.upperBound).")
            }
            return number
        }
    }

    /// Reads a time in seconds.
    static func seconds(_ text: String) throws -> Double {
        // Double also accepts hexadecimal numbers.
        guard !text.contains(where: { "xX".contains($0) }), let seconds = Double(text),
            ToolLimits.seconds.contains(seconds)
        else {
            throw ValidationError("expected \(ToolLimits.secondsExpectation).")
        }
        return seconds
    }
}
