/// A day of the proleptic Gregorian calendar, the calendar of ISO 8601, from the year 1 on.
///
/// The C library's `gmtime_r` and `timegm` would do the same, but they count leap seconds in a process whose `TZ` names
/// a zone below `right/`. This arithmetic depends on no state.
struct CivilDate: Equatable {
    let year: Int
    let month: Int
    let day: Int

    /// Creates the day with these numbers, or `nil` if the calendar has no such day.
    init?(year: Int, month: Int, day: Int) {
        guard year >= 1, 1...12 ~= month, 1...Self.length(ofMonth: month, in: year) ~= day else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Creates a day from its distance to 1970-01-01, or `nil` for a day before the year 1.
    init?(daysSince1970 days: Int) {
        let sinceYear1 = days - Self.days(year: 1, month: 1)
        guard sinceYear1 >= 0 else { return nil }
        // 400 years have 146,097 days, so this is the right year or the one before.
        var year = 1 + sinceYear1 * 400 / 146_097
        if Self.days(year: year + 1, month: 1) <= days { year += 1 }
        var month = 1
        while month < 12, Self.days(year: year, month: month + 1) <= days { month += 1 }
        self.init(year: year, month: month, day: 1 + days - Self.days(year: year, month: month))
    }

    /// The distance to 1970-01-01 in days.
    var daysSince1970: Int { Self.days(year: year, month: month) + day - 1 }

    /// The day of the week; 0 is Sunday.
    var weekday: Int { Self.weekday(daysSince1970: daysSince1970) }

    /// The same day of another month, or the last day of that month if it is shorter.
    ///
    /// - Returns: `nil` for a month before the year 1.
    func adding(months: Int) -> CivilDate? {
        let total = year * 12 + (month - 1) + months
        guard total >= 12 else { return nil }
        let (year, month) = (total / 12, total % 12 + 1)
        return CivilDate(year: year, month: month, day: min(day, Self.length(ofMonth: month, in: year)))
    }

    // MARK: - The calendar

    /// The distance from 1970-01-01 to the first day of a month, for any year from -399 on.
    static func days(year: Int, month: Int) -> Int {
        // A year that begins in March has its leap day at the end. The 400 years keep every division positive.
        let years = year + 400 - (month < 3 ? 1 : 0)
        let months = (month + 9) % 12
        return years * 365 + years / 4 - years / 100 + years / 400 + (months * 153 + 2) / 5 - 865_565
    }

    static func weekday(daysSince1970 days: Int) -> Int {
        // 1970-01-01 was a Thursday.
        let weekday = (days + 4) % 7
        return weekday < 0 ? weekday + 7 : weekday
    }

    static func length(ofMonth month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
