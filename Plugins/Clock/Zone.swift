import ToolPlugin

/// A time zone of the IANA database.
struct Zone {
    static let utc = Zone(name: "UTC", rules: ZoneRules(initial: 0, transitions: [], rest: nil))

    /// Longer names are rejected unread.
    private static let maximumNameBytes = 100

    let name: String
    private let rules: ZoneRules

    /// Finds a zone by its name. UTC needs no zone files.
    ///
    /// - Parameters:
    ///   - name: The name, such as `Europe/Paris`, in upper or lower case.
    ///   - argument: The name of the argument, for the error.
    init(_ name: String, _ argument: String) throws(ToolError) {
        let isShort = name.utf8.count <= Self.maximumNameBytes
        let wanted = isShort ? name.lowercased() : ""
        guard wanted != "utc" else {
            self = .utc
            return
        }
        let known = ZoneDirectory.names()
        guard !known.isEmpty else {
            throw .error(
                "\(argument): UTC is the only time zone of this computer, because \(ZoneDirectory.path) has no zone files. "
                    + "Install the package tzdata."
            )
        }
        guard let exact = known[wanted] else {
            throw .invalidArguments(
                "\(argument): expected an IANA time zone like Europe/Paris, got \(name.prefix(60))"
                    + (isShort ? Self.suggestion(for: wanted, known.values.sorted()) : "")
            )
        }
        guard let rules = ZoneDirectory.rules(of: exact) else {
            throw .error(
                "\(argument): \(ZoneDirectory.path)/\(exact) cannot be read as a zone file. Reinstall the package tzdata."
            )
        }
        self.init(name: exact, rules: rules)
    }

    private init(name: String, rules: ZoneRules) {
        self.name = name
        self.rules = rules
    }

    /// The zones whose city contains the word, or begins like it.
    private static func suggestion(for name: String, _ known: [String]) -> String {
        let word = String((name.split(separator: "/").last ?? "").map { $0 == " " ? "_" : $0 })
        guard word.count >= 3 else { return "" }
        let near = known.filter { zone in
            let city = (zone.split(separator: "/").last ?? "").lowercased()
            return city.hasPrefix(word.prefix(4)) || city.indices.contains { city[$0...].hasPrefix(word) }
        }
        return near.isEmpty ? "" : "; did you mean \(near.prefix(5).joined(separator: ", "))?"
    }

    /// The instant at which the clocks of this zone show a time, in seconds since 1970 in UTC.
    ///
    /// - Parameters:
    ///   - text: The time: `2026-03-01`, `2026-03-01 14:30` or `2026-03-01T14:30:00`.
    ///   - argument: The name of the argument, for the error.
    func instant(_ text: String, _ argument: String) throws(ToolError) -> Int {
        let wanted = try LocalTime(text, argument)
        let instant = rules.instant(of: wanted.secondsSince1970)
        // A skipped hour becomes the next hour of the same day. A skipped day, such as 2011-12-30 in Samoa, has no
        // time.
        guard local(instant)?.date == wanted.date else { throw LocalTime.failure(text, argument) }
        return instant
    }

    /// An instant as the clocks of this zone show it.
    func report(_ instant: Int) throws(ToolError) -> JSON {
        guard let local = local(instant) else { throw .error("There is no such date.") }
        let minutes = rules.offset(at: instant) / 60
        let sign = minutes < 0 ? "-" : "+"
        return [
            "time": .string(local.text),
            "zone": .string(name),
            "weekday": .string(local.weekday),
            "utc_offset": .string(sign + padded(abs(minutes) / 60) + ":" + padded(abs(minutes) % 60)),
        ]
    }

    private func local(_ instant: Int) -> LocalTime? {
        LocalTime(secondsSince1970: instant + rules.offset(at: instant))
    }
}
