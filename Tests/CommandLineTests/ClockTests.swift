import TestSupport
import Testing
import ToolJSON

/// The calendar of the sample plugin Clock, with the time zones of this machine.
@Suite("The sample plugin Clock", .timeLimit(.minutes(10)))
struct ClockTests {
    private let clock: ClockFixture

    init() throws { clock = try ClockFixture() }

    @Test("the Clock plugin passes its examples, and every tool has some", arguments: [[], ["--in-process"]])
    func examples(options: [String]) throws {
        var command = Command("test", "--json", plugins: clock.directory)
        command.arguments += options
        let report = try command.run()
        #expect(report.status == 0, "\(report.output)")
        #expect(try report.json["without_examples"] == [])
    }

    // MARK: - Conversion

    @Test(
        "a time is converted between two zones",
        arguments: [
            ("2026-07-01 09:00", "America/New_York", "UTC", "2026-07-01 13:00:00 Wednesday +00:00"),
            ("2026-01-01 09:00", "America/New_York", "UTC", "2026-01-01 14:00:00 Thursday +00:00"),
            ("2026-01-15", "UTC", "Asia/Tokyo", "2026-01-15 09:00:00 Thursday +09:00"),
            ("2026-01-15T23:59:58", "UTC", "UTC", "2026-01-15 23:59:58 Thursday +00:00"),
            ("2026-1-5 7:05", "UTC", "UTC", "2026-01-05 07:05:00 Monday +00:00"),
            // Offsets of half and quarter hours, the date line, and an offset without a city.
            ("2026-01-15 12:00", "UTC", "Asia/Kolkata", "2026-01-15 17:30:00 Thursday +05:30"),
            ("2026-01-15 12:00", "UTC", "Asia/Kathmandu", "2026-01-15 17:45:00 Thursday +05:45"),
            ("2026-01-15 12:00", "UTC", "America/St_Johns", "2026-01-15 08:30:00 Thursday -03:30"),
            ("2026-01-15 23:00", "Pacific/Kiritimati", "Pacific/Pago_Pago", "2026-01-14 22:00:00 Wednesday -11:00"),
            ("2026-01-15 12:00", "Etc/GMT+5", "UTC", "2026-01-15 17:00:00 Thursday +00:00"),
            // Times before 1970, and before time zones.
            ("1960-07-01 12:00", "America/New_York", "UTC", "1960-07-01 16:00:00 Friday +00:00"),
            ("1850-01-01 12:00", "Europe/Paris", "Europe/Paris", "1850-01-01 12:00:00 Tuesday +00:09"),
            ("1850-01-01 12:00", "America/New_York", "UTC", "1850-01-01 16:56:02 Tuesday +00:00"),
            ("0001-01-01 00:00", "UTC", "UTC", "0001-01-01 00:00:00 Monday +00:00"),
            // Far years follow the rule at the end of the zone file, here 26 hours after a Thursday.
            ("2500-07-01 12:00", "Europe/Berlin", "UTC", "2500-07-01 10:00:00 Thursday +00:00"),
            ("2050-03-24 23:59", "UTC", "Asia/Jerusalem", "2050-03-25 01:59:00 Friday +02:00"),
            ("2050-03-25 00:00", "UTC", "Asia/Jerusalem", "2050-03-25 03:00:00 Friday +03:00"),
            ("2050-01-15 12:00", "UTC", "Europe/Dublin", "2050-01-15 12:00:00 Saturday +00:00"),
            ("9999-12-31 23:59", "UTC", "Pacific/Kiritimati", "10000-01-01 13:59:00 Saturday +14:00"),
        ]
    )
    func conversion(time: String, from: String, to: String, result: String) throws {
        try expectConversion(time, from, to, result)
    }

    @Test(
        "a local time that clocks skip moves to the next hour, and of two repeated times the first counts",
        arguments: [
            ("2024-03-31 01:59", "Europe/Berlin", "UTC", "2024-03-31 00:59:00 Sunday +00:00"),
            ("2024-03-31 02:00", "Europe/Berlin", "Europe/Berlin", "2024-03-31 03:00:00 Sunday +02:00"),
            ("2024-03-31 02:30", "Europe/Berlin", "Europe/Berlin", "2024-03-31 03:30:00 Sunday +02:00"),
            ("2024-03-31 03:00", "Europe/Berlin", "UTC", "2024-03-31 01:00:00 Sunday +00:00"),
            ("2100-03-28 02:30", "Europe/Berlin", "UTC", "2100-03-28 01:30:00 Sunday +00:00"),
            ("2024-10-06 02:15", "Australia/Lord_Howe", "Australia/Lord_Howe", "2024-10-06 02:45:00 Sunday +11:00"),
            ("2024-10-27 02:30", "Europe/Berlin", "UTC", "2024-10-27 00:30:00 Sunday +00:00"),
            ("2024-10-27 03:00", "Europe/Berlin", "UTC", "2024-10-27 02:00:00 Sunday +00:00"),
            ("2100-10-31 02:30", "Europe/Berlin", "UTC", "2100-10-31 00:30:00 Sunday +00:00"),
            ("2024-04-07 02:30", "Australia/Sydney", "UTC", "2024-04-06 15:30:00 Saturday +00:00"),
            ("2024-10-27 01:30", "UTC", "Europe/Berlin", "2024-10-27 02:30:00 Sunday +01:00"),
        ]
    )
    func gapsAndOverlaps(time: String, from: String, to: String, result: String) throws {
        try expectConversion(time, from, to, result)
    }

    private func expectConversion(_ time: String, _ from: String, _ to: String, _ expected: String) throws {
        let result = try clock.call(
            "convert_time",
            ["time": .string(time), "from": .string(from), "to": .string(to)]
        ).run()
        #expect(result.output == ClockFixture.report(expected, to), "\(result.errors)")
    }

    @Test("a day that a zone has skipped and a time before the year 1 are refused")
    func skippedDays() throws {
        let skipped = try clock.call(
            "convert_time",
            ["time": "2011-12-30 12:00", "from": "Pacific/Apia", "to": "UTC"]
        ).run()
        #expect(skipped.status == 2)
        #expect(skipped.errors.contains("time: \(ClockFixture.dateFault)2011-12-30 12:00"), "\(skipped)")
        let early = try clock.call("convert_time", ["time": "0001-01-01", "from": "Asia/Tokyo", "to": "UTC"]).run()
        #expect(early.status == 1 && early.errors.contains("There is no such date."), "\(early)")
    }

    // MARK: - Dates

    @Test(
        "a malformed date or one that the calendar does not have is refused",
        arguments: [
            "2026-02-30", "2023-02-29", "1900-02-29", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00",
            "0000-01-01", "10000-01-01", "2024-01-01 24:00", "2024-01-01 12:60", "2024-01-01 12:00:60", "2024-01-01 12",
            "2024-01-01 12:00:00:00", "2024-01-01 12:00 +01:00", "2024-01-01T12:00:00Z", "-2024-01-01", "2024-01--1",
            "2024/01/01", "2024-01", "\u{662}\u{660}\u{662}\u{664}-01-01", "yesterday", "",
        ]
    )
    func impossibleDates(text: String) throws {
        let result = try clock.call("date_difference", ["from": "2024-01-01", "to": .string(text)]).run()
        #expect(result.status == 2)
        #expect(result.errors.contains("to: \(ClockFixture.dateFault)\(text)\n"), "\(result.errors)")
    }

    @Test(
        "a difference has days, hours and minutes of one sign",
        arguments: [
            ("2024-02-28", "2024-03-01", 2, 0, 0), ("2023-02-28", "2023-03-01", 1, 0, 0),
            ("2024-03-01 14:30", "2024-03-02 16:45", 1, 2, 15), ("2024-03-02 16:45", "2024-03-01 14:30", -1, -2, -15),
            ("2024-01-01", "2024-01-01 00:00:59", 0, 0, 0), ("2024-01-01 00:00:59", "2024-01-01", 0, 0, 0),
            ("1969-12-31 23:59", "1970-01-01 00:01", 0, 0, 2), ("0001-01-01", "9999-12-31", 3_652_058, 0, 0),
        ] as [(String, String, Int, Int, Int)]
    )
    func differences(from: String, to: String, days: Int, hours: Int, minutes: Int) throws {
        let result = try clock.call("date_difference", ["from": .string(from), "to": .string(to)]).run()
        let expected = #"{"days":\#(days),"hours":\#(hours),"minutes":\#(minutes)}"# + "\n"
        #expect(result.output == expected, "\(result.errors)")
    }

    @Test(
        "a date shifted into a shorter month becomes its last day",
        arguments: [
            ("2024-01-31", 1, "months", "2024-02-29 00:00:00 Thursday"),
            ("2023-01-31", 1, "months", "2023-02-28 00:00:00 Tuesday"),
            ("2024-03-31 10:00", -1, "months", "2024-02-29 10:00:00 Thursday"),
            ("2024-01-15", -1, "months", "2023-12-15 00:00:00 Friday"),
            ("2024-02-29", 1, "years", "2025-02-28 00:00:00 Friday"),
            ("2024-02-29", 4, "years", "2028-02-29 00:00:00 Tuesday"),
            ("2024-02-29", -124, "years", "1900-02-28 00:00:00 Wednesday"),
            ("2024-02-28", 1, "days", "2024-02-29 00:00:00 Thursday"),
            ("2024-02-28", 1, "weeks", "2024-03-06 00:00:00 Wednesday"),
            ("2024-12-31 23:30", 45, "minutes", "2025-01-01 00:15:00 Wednesday"),
            ("1970-01-01", -1, "hours", "1969-12-31 23:00:00 Wednesday"),
            ("2024-01-01", 1_000_000, "minutes", "2025-11-25 10:40:00 Tuesday"),
            ("2024-01-01", 1_000_000, "days", "4761-11-28 00:00:00 Tuesday"),
            ("2024-01-01", 1_000_000, "years", "1002024-01-01 00:00:00 Monday"),
            ("0001-01-02", -1, "days", "0001-01-01 00:00:00 Monday"),
        ] as [(String, Int, String, String)]
    )
    func shifts(date: String, amount: Int, unit: String, time: String) throws {
        let result = try shift(date, amount, unit)
        #expect(result.output == ClockFixture.report(time + " +00:00", "UTC"), "\(result.errors)")
    }

    @Test(
        "a date cannot be shifted before the year 1",
        arguments: [
            ("0001-01-01", -1, "minutes"), ("0001-01-31", -1, "months"), ("0001-12-31", -1, "years"),
            ("2024-01-01", -1_000_000, "days"), ("2024-01-01", -1_000_000, "years"),
        ] as [(String, Int, String)]
    )
    func beforeTheFirstYear(date: String, amount: Int, unit: String) throws {
        let result = try shift(date, amount, unit)
        #expect(result.status == 1)
        #expect(result.errors.contains("There is no such date."), "\(result.errors)")
    }

    private func shift(_ date: String, _ amount: Int, _ unit: String) throws -> Command.Result {
        try clock.call(
            "shift_date",
            ["date": .string(date), "amount": .int(amount), "unit": .string(unit)]
        ).run()
    }
}
