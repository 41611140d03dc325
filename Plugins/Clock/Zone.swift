import FoundationEssentials
import FoundationInternationalization
import ToolPlugin

/// A time zone, and the calendar in it.
///
/// The zones are those that come with the library: the machine needs none.
struct Zone {
    static let utc = Zone(.gmt, name: "UTC")

    let name: String
    let calendar: Calendar

    /// A zone by its IANA name.
    ///
    /// - Parameters:
    ///   - name: The name; its letters' case does not matter.
    ///   - argument: Which argument has it, for the error.
    init(_ name: String, _ argument: String) throws(ToolFailure) {
        let known = TimeZone.knownTimeZoneIdentifiers + ["UTC"]
        guard let exact = known.first(where: { $0.lowercased() == name.lowercased() }),
            let zone = exact == "UTC" ? .gmt : TimeZone(identifier: exact)
        else {
            throw .invalidArguments(
                "\(argument): expected an IANA time zone like Europe/Paris, got \(name.prefix(60))"
                    + Self.suggestion(for: name, known)
            )
        }
        self.init(zone, name: exact)
    }

    private init(_ zone: TimeZone, name: String) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
        self.name = name
    }

    /// The zones whose city is the word, or begins like it.
    private static func suggestion(for name: String, _ known: [String]) -> String {
        let word = (name.split(separator: "/").last ?? "").lowercased().replacing(" ", with: "_")
        guard word.count >= 3 else { return "" }
        let near = known.filter { zone in
            let city = (zone.split(separator: "/").last ?? "").lowercased()
            return city.hasPrefix(word.prefix(4)) || city.contains(word)
        }
        return near.isEmpty ? "" : "; did you mean \(near.sorted().prefix(5).joined(separator: ", "))?"
    }

    /// A moment as the clocks of this zone show it.
    func report(_ date: Date) -> JSON {
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second, .weekday], from: date)
        func padded(_ number: Int?, _ width: Int = 2) -> String {
            let digits = String(number ?? 0)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
        let offset = calendar.timeZone.secondsFromGMT(for: date) / 60
        let day = "\(padded(parts.year, 4))-\(padded(parts.month))-\(padded(parts.day))"
        return [
            "time": .string("\(day) \(padded(parts.hour)):\(padded(parts.minute)):\(padded(parts.second))"),
            "zone": .string(name),
            "weekday": .string(weekdays[max(0, min(6, (parts.weekday ?? 1) - 1))]),
            "utc_offset": .string((offset < 0 ? "-" : "+") + padded(abs(offset) / 60) + ":" + padded(abs(offset) % 60)),
        ]
    }

    /// The moment when the clocks of this zone show a time: `2026-03-01`, `2026-03-01 14:30`, `2026-03-01T14:30:00`.
    func date(_ text: String, _ argument: String) throws(ToolFailure) -> Date {
        let fault = ToolFailure.invalidArguments(
            "\(argument): expected a date like 2026-03-01 or 2026-03-01 14:30, got \(text.prefix(60))"
        )
        let halves = text.split(whereSeparator: { $0 == " " || $0 == "T" })
        guard 1...2 ~= halves.count, let day = Self.numbers(halves[0], separator: "-", count: 3...3),
            let time = halves.count == 1 ? [0, 0] : Self.numbers(halves[1], separator: ":", count: 2...3)
        else { throw fault }
        let wanted = DateComponents(
            year: day[0],
            month: day[1],
            day: day[2],
            hour: time[0],
            minute: time[1],
            second: time.count > 2 ? time[2] : 0
        )
        // The calendar makes March 2 of February 30, so what comes out is compared with what went in. The time may
        // differ: in spring an hour does not exist, and the clocks show the next.
        guard time[0] < 24, time[1] < 60, (wanted.second ?? 0) < 60, let date = calendar.date(from: wanted),
            calendar.dateComponents([.year, .month, .day], from: date)
                == DateComponents(year: day[0], month: day[1], day: day[2])
        else { throw fault }
        return date
    }

    private static func numbers(_ text: Substring, separator: Character, count: ClosedRange<Int>) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part in
            part.utf8.count <= 4 && part.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(part) : nil
        }
        return numbers.count == parts.count && count.contains(numbers.count) ? numbers : nil
    }
}
