/// The rule of a zone for all years to come: a POSIX `TZ` string such as `CET-1CEST,M3.5.0,M10.5.0/3`.
///
/// It is the last line of a zone file, and has the extensions of RFC 9636: hours from -167 to 167.
struct PosixZone {
    /// The other offset of a zone, for a part of the year.
    private struct Daylight {
        let offset: Int
        let start: YearlyTime
        let end: YearlyTime
    }

    /// Seconds east of Greenwich. The string has them west.
    private let standard: Int
    private let daylight: Daylight?

    /// Parses a string, or returns `nil` if it is malformed.
    init?(_ text: ArraySlice<UInt8>) {
        var scanner = PosixZoneScanner(text)
        guard scanner.skipName(), let west = scanner.time(maximumHours: 24) else { return nil }
        standard = -west
        guard !scanner.isAtEnd else {
            daylight = nil
            return
        }
        guard scanner.skipName() else { return nil }
        var offset = standard + 3600
        if !scanner.skip(",") {
            guard let west = scanner.time(maximumHours: 24), scanner.skip(",") else { return nil }
            offset = -west
        }
        guard let start = YearlyTime(&scanner), scanner.skip(","), let end = YearlyTime(&scanner), scanner.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, start: start, end: end)
    }

    /// The offset in effect at an instant, in seconds since 1970 in UTC.
    func offset(at instant: Int) -> Int {
        guard let daylight, let year = LocalTime(secondsSince1970: instant + standard)?.date.year else {
            return standard
        }
        // Around the turn of the year the last change may be one of last year, or of a year that begins early.
        var current = (instant: Int.min, offset: standard)
        for year in (year - 1)...(year + 1) {
            // Each time is in the offset that it replaces. If daylight time lasts all year, each start falls on an end,
            // and the start wins.
            let end = daylight.end.seconds(in: year) - daylight.offset
            if end <= instant, end > current.instant { current = (end, standard) }
            let start = daylight.start.seconds(in: year) - standard
            if start <= instant, start >= current.instant { current = (start, daylight.offset) }
        }
        return current.offset
    }
}
