import Glibc
import ToolPlugin

/// Get the current date and time, in a time zone
///
/// - Parameter zone: An IANA time zone like Europe/Paris. Default: the user's own, or UTC
@Tool(annotations: [.readOnly], examples: [ToolExample(["zone": "Mars/Olympus"], error: .invalidArguments)])
func getTime(zone: String?, context: ToolContext) throws -> JSON {
    let zone = try Zone(zone ?? context.configuration("zone") ?? "UTC", "zone")
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return try zone.report(now.tv_sec)
}

/// Convert a date and time from one time zone to another
///
/// - Parameters:
///   - time: The date and time, like 2026-03-01 14:30
///   - from: The IANA time zone of that time, like America/New_York
///   - to: The IANA time zone to convert to, like Asia/Tokyo
@Tool(
    annotations: [.readOnly, .idempotent],
    examples: [
        ToolExample(
            ["time": "2026-01-15 09:00", "from": "America/New_York", "to": "Asia/Tokyo"],
            result: [
                "time": "2026-01-15 23:00:00", "zone": "Asia/Tokyo", "weekday": "Thursday", "utc_offset": "+09:00",
            ]
        ),
        ToolExample(["time": "yesterday", "from": "UTC", "to": "UTC"], error: .invalidArguments),
    ]
)
func convertTime(time: String, from: String, to: String) throws -> JSON {
    let from = try Zone(from, "from")
    let to = try Zone(to, "to")
    return try to.report(try from.instant(time, "time"))
}

/// Count the days between two dates, or the time between two moments
///
/// - Parameters:
///   - from: The earlier date, like 2026-03-01 or 2026-03-01 14:30
///   - to: The later date. An earlier date gives a negative difference
@Tool(
    annotations: [.readOnly, .idempotent],
    examples: [
        ToolExample(["from": "2024-02-28", "to": "2024-03-01"], result: ["days": 2, "hours": 0, "minutes": 0]),
        ToolExample(["from": "2026-02-30", "to": "2026-03-01"], error: .invalidArguments),
    ]
)
func dateDifference(from: String, to: String) throws -> JSON {
    let from = try LocalTime(from, "from")
    let to = try LocalTime(to, "to")
    let minutes = (to.secondsSince1970 - from.secondsSince1970) / 60
    return ["days": .int(minutes / 1440), "hours": .int(minutes % 1440 / 60), "minutes": .int(minutes % 60)]
}

/// Add days, weeks, months or years to a date, or subtract them
///
/// - Parameters:
///   - date: The date, like 2026-03-01 or 2026-03-01 14:30
///   - amount: The number of units; negative to go back
///   - unit: The unit of time to count in, such as months
@Tool(
    annotations: [.readOnly, .idempotent],
    examples: [
        ToolExample(
            ["date": "2024-01-31", "amount": 1, "unit": "months"],
            result: ["time": "2024-02-29 00:00:00", "zone": "UTC", "weekday": "Thursday", "utc_offset": "+00:00"]
        ),
        ToolExample(["date": "2024-01-31", "amount": 1, "unit": "moons"], error: .invalidArguments),
    ]
)
func shiftDate(date: String, @Bounds(-1_000_000...1_000_000) amount: Int, unit: TimeUnit) throws -> JSON {
    guard let result = unit.shifting(try LocalTime(date, "date"), by: amount) else {
        throw ToolError.error("There is no such date.")
    }
    return try Zone.utc.report(result.secondsSince1970)
}

@ToolPlugin let clock = PluginDescription(
    "clock",
    version: "0.1.0",
    configuration: ["zone"],
    tools: [getTimeTool, convertTimeTool, dateDifferenceTool, shiftDateTool]
)
