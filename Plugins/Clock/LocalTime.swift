import ToolPlugin

/// A date and a time of day as a clock shows them, without a zone.
struct LocalTime {
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
    private static let secondsPerDay = 86_400
    /// Longer text is rejected unread.
    private static let maximumBytes = 256

    let date: CivilDate
    /// The seconds since midnight, less than a day.
    let second: Int

    /// Parses `2026-03-01`, `2026-03-01 14:30` or `2026-03-01T14:30:00`.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - argument: The name of the argument, for the error.
    init(_ text: String, _ argument: String) throws(ToolError) {
        guard let time = LocalTime(parsing: text) else { throw Self.failure(text, argument) }
        self = time
    }

    /// Creates a time from the seconds since midnight of 1970-01-01 on the same clock, or `nil` before the year 1.
    init?(secondsSince1970 seconds: Int) {
        let remainder = seconds % Self.secondsPerDay
        second = remainder < 0 ? remainder + Self.secondsPerDay : remainder
        guard let date = CivilDate(daysSince1970: (seconds - second) / Self.secondsPerDay) else { return nil }
        self.date = date
    }

    init(date: CivilDate, second: Int) {
        self.date = date
        self.second = second
    }

    private init?(parsing text: String) {
        guard text.utf8.count <= Self.maximumBytes else { return nil }
        let halves = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard 1...2 ~= halves.count, let day = Self.numbers(halves[0], separator: "-", count: 3...3),
            let date = CivilDate(year: day[0], month: day[1], day: day[2]),
            let time = halves.count == 1 ? [0, 0] : Self.numbers(halves[1], separator: ":", count: 2...3)
        else { return nil }
        let second = time.count > 2 ? time[2] : 0
        guard time[0] < 24, time[1] < 60, second < 60 else { return nil }
        self.init(date: date, second: (time[0] * 60 + time[1]) * 60 + second)
    }

    private static func numbers(_ text: Substring, separator: Character, count: ClosedRange<Int>) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.count <= 4 && part.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(part) : nil
        }
        return numbers.count == parts.count && count.contains(numbers.count) ? numbers : nil
    }

    static func failure(_ text: String, _ argument: String) -> ToolError {
        .invalidArguments(
            "\(argument): expected a date like 2026-03-01 or 2026-03-01 14:30, got \(text.prefix(60))"
        )
    }

    /// The seconds since midnight of 1970-01-01 on the same clock.
    var secondsSince1970: Int { date.daysSince1970 * Self.secondsPerDay + second }

    var weekday: String { Self.weekdays[date.weekday] }

    /// The time as results show it, such as `2026-03-01 14:30:00`.
    var text: String {
        let day = "\(padded(date.year, 4))-\(padded(date.month))-\(padded(date.day))"
        return "\(day) \(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
    }
}

/// A number in decimal digits, with zeros in front up to a width.
func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
