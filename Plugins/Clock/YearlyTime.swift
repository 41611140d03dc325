/// A yearly time in a POSIX `TZ` string: `M3.5.0/2`, `J60` or `59/3:30`.
struct YearlyTime {
    private enum Day {
        /// A weekday of a month; week 5 is the last.
        case weekday(month: Int, week: Int, weekday: Int)
        /// A day of the year from 1 to 365, without February 29.
        case withoutLeapDay(Int)
        /// A day of the year from 0 to 365, with February 29.
        case withLeapDay(Int)
    }

    private let day: Day
    /// Seconds after midnight of that day; may be negative or more than a day.
    private let time: Int

    /// Parses a time, or returns `nil` if it is malformed.
    init?(_ scanner: inout PosixZoneScanner) {
        if scanner.skip("M") {
            guard let month = scanner.number(in: 1...12), scanner.skip("."), let week = scanner.number(in: 1...5),
                scanner.skip("."), let weekday = scanner.number(in: 0...6)
            else { return nil }
            day = .weekday(month: month, week: week, weekday: weekday)
        } else if scanner.skip("J") {
            guard let number = scanner.number(in: 1...365) else { return nil }
            day = .withoutLeapDay(number)
        } else {
            guard let number = scanner.number(in: 0...365) else { return nil }
            day = .withLeapDay(number)
        }
        guard scanner.skip("/") else {
            time = 2 * 3600
            return
        }
        guard let time = scanner.time(maximumHours: 167) else { return nil }
        self.time = time
    }

    /// The time in a year, in seconds since 1970 by the clocks of the zone.
    func seconds(in year: Int) -> Int { days(in: year) * 86_400 + time }

    private func days(in year: Int) -> Int {
        switch day {
        case .weekday(let month, let week, let weekday):
            let first = CivilDate.days(year: year, month: month)
            let wait = (weekday - CivilDate.weekday(daysSince1970: first) + 7) % 7
            let day = wait + (week - 1) * 7
            return first + (day < CivilDate.length(ofMonth: month, in: year) ? day : day - 7)
        case .withoutLeapDay(let number):
            return CivilDate.days(year: year, month: 1) + number - (number < 60 || !CivilDate.isLeap(year) ? 1 : 0)
        case .withLeapDay(let number):
            return CivilDate.days(year: year, month: 1) + number
        }
    }
}
