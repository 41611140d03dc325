import ToolPlugin

/// The unit of an amount of time
@ToolSchema enum TimeUnit: String {
    case minutes, hours, days, weeks, months, years

    /// A time moved by an amount of this unit, or `nil` if that is before the year 1.
    ///
    /// Months and years keep the day of the month if the new month has it, or else take its last day.
    func shifting(_ time: LocalTime, by amount: Int) -> LocalTime? {
        switch self {
        case .minutes: shifting(time, seconds: amount * 60)
        case .hours: shifting(time, seconds: amount * 3600)
        case .days: shifting(time, seconds: amount * 86_400)
        case .weeks: shifting(time, seconds: amount * 7 * 86_400)
        case .months: shifting(time, months: amount)
        case .years: shifting(time, months: amount * 12)
        }
    }

    private func shifting(_ time: LocalTime, seconds: Int) -> LocalTime? {
        LocalTime(secondsSince1970: time.secondsSince1970 + seconds)
    }

    private func shifting(_ time: LocalTime, months: Int) -> LocalTime? {
        time.date.adding(months: months).map { LocalTime(date: $0, second: time.second) }
    }
}
