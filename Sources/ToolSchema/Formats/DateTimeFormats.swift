/// The formats of dates, times and durations of RFC 3339.
enum DateTimeFormats {
    static func isDateTime(_ text: FormatText) -> Bool {
        var text = text
        guard let day = day(&text), text.take(anyOf: "T", "t") != nil, let time = time(&text), text.isEmpty else {
            return false
        }
        return !time.isLeapSecond || day.endsMonth(afterDays: time.dayOffset)
    }

    static func isDate(_ text: FormatText) -> Bool {
        var text = text
        return day(&text) != nil && text.isEmpty
    }

    static func isTime(_ text: FormatText) -> Bool {
        var text = text
        return time(&text) != nil && text.isEmpty
    }

    /// Returns true for durations of RFC 3339, appendix A: integers, without a gap between the units.
    static func isDuration(_ text: FormatText) -> Bool {
        var text = text
        guard text.take("P") else { return false }
        if text.last == "W" { return units(["W"], &text) == 1 && text.isEmpty }
        guard let dateUnits = text.first == "T" ? 0 : units(["Y", "M", "D"], &text) else { return false }
        if text.isEmpty { return dateUnits > 0 }
        return text.take("T") && units(["H", "M", "S"], &text) != nil && text.isEmpty
    }

    /// Consumes at least one number with a unit.
    ///
    /// - Returns: The number of units, or nil if the units are not consecutive.
    private static func units(_ units: [Unicode.Scalar], _ text: inout FormatText) -> Int? {
        var expected: Int?
        var count = 0
        while text.first?.isASCIIDigit == true {
            _ = text.take(while: \.isASCIIDigit)
            guard let unit = text.popFirst(), let index = units.firstIndex(of: unit), index == expected ?? index else {
                return nil
            }
            expected = index + 1
            count += 1
        }
        return count > 0 ? count : nil
    }

    private struct Day {
        var year: Int
        var month: Int
        var day: Int

        var lengthOfMonth: Int {
            switch month {
            case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        }

        /// Returns true if the day plus an offset of at most one day is the last of a month.
        func endsMonth(afterDays offset: Int) -> Bool {
            offset > 0 ? day + 1 == lengthOfMonth : offset < 0 ? day == 1 : day == lengthOfMonth
        }
    }

    private static func day(_ text: inout FormatText) -> Day? {
        guard let year = text.takeNumber(digits: 4), text.take("-"),
            let month = text.takeNumber(digits: 2), 1...12 ~= month, text.take("-"),
            let day = text.takeNumber(digits: 2)
        else { return nil }
        let result = Day(year: year, month: month, day: day)
        return 1...result.lengthOfMonth ~= day ? result : nil
    }

    private struct Time {
        var isLeapSecond: Bool
        /// The difference to the date in UTC, in days.
        var dayOffset: Int
    }

    private static func time(_ text: inout FormatText) -> Time? {
        guard let hour = text.takeNumber(digits: 2), hour < 24, text.take(":"),
            let minute = text.takeNumber(digits: 2), minute < 60, text.take(":"),
            let second = text.takeNumber(digits: 2), second <= 60
        else { return nil }
        if text.take("."), text.take(while: \.isASCIIDigit).isEmpty { return nil }
        var universalMinute = hour * 60 + minute
        if text.take(anyOf: "Z", "z") == nil {
            guard let sign = text.take(anyOf: "+", "-"),
                let offsetHour = text.takeNumber(digits: 2), offsetHour < 24, text.take(":"),
                let offsetMinute = text.takeNumber(digits: 2), offsetMinute < 60
            else { return nil }
            let offset = offsetHour * 60 + offsetMinute
            universalMinute += sign == "+" ? -offset : offset
        }
        let dayLength = 24 * 60
        let dayOffset = universalMinute < 0 ? -1 : universalMinute / dayLength
        // A leap second is the last second of a day in UTC, in every time zone.
        if second == 60, universalMinute - dayOffset * dayLength != dayLength - 1 { return nil }
        return Time(isLeapSecond: second == 60, dayOffset: dayOffset)
    }
}
