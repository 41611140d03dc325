public import CToolPlugin
import FoundationEssentials
import ToolJSON
import ToolPlugin

/// Gives the plugin's description to the host.
@c(tool_plugin_register_v1)
public func registerClock(_ host: UnsafePointer<tool_host_v1>?) -> UnsafePointer<tool_plugin_v1>? {
    plugin.export()
}

private let plugin = PluginDescription(
    name: "clock",
    version: "0.1.0",
    manifest: #"{"config":["zone"]}"#,
    tools: [now, convert, difference, shift]
)

private let now = PluginTool(
    schema: """
        {"name":"get_time","description":"Get the current date and time, in a time zone",\
        "parameters":{"type":"object","properties":{\
        "zone":{"type":"string","description":"An IANA time zone like Europe/Paris; the user's own or UTC unless given"}}},\
        "toolhost":{"annotations":{"readOnly":true},"examples":[\
        {"arguments":{"zone":"Mars/Olympus"},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let zone = try Zone(try call.optionalText("zone") ?? call.configuration("zone") ?? "UTC", "zone")
    return .json(zone.report(Date.now))
}

private let convert = PluginTool(
    schema: """
        {"name":"convert_time","description":"Convert a date and time from one time zone to another",\
        "parameters":{"type":"object","required":["time","from","to"],"properties":{\
        "time":{"type":"string","description":"The date and time, like 2026-03-01 14:30"},\
        "from":{"type":"string","description":"The IANA time zone that it is in, like America/New_York"},\
        "to":{"type":"string","description":"The IANA time zone to convert to, like Asia/Tokyo"}}},\
        "toolhost":{"annotations":{"readOnly":true,"idempotent":true},"examples":[\
        {"arguments":{"time":"2026-01-15 09:00","from":"America/New_York","to":"Asia/Tokyo"},\
        "result":{"time":"2026-01-15 23:00:00","zone":"Asia/Tokyo","weekday":"Thursday","utc_offset":"+09:00"}},\
        {"arguments":{"time":"yesterday","from":"UTC","to":"UTC"},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let from = try Zone(try call.text("from"), "from")
    let to = try Zone(try call.text("to"), "to")
    return .json(to.report(try from.date(try call.text("time"), "time")))
}

private let difference = PluginTool(
    schema: """
        {"name":"date_difference","description":"Count the days between two dates, or the time between two moments",\
        "parameters":{"type":"object","required":["from","to"],"properties":{\
        "from":{"type":"string","description":"The earlier date, like 2026-03-01 or 2026-03-01 14:30"},\
        "to":{"type":"string","description":"The later date; an earlier one gives a negative difference"}}},\
        "toolhost":{"annotations":{"readOnly":true,"idempotent":true},"examples":[\
        {"arguments":{"from":"2024-02-28","to":"2024-03-01"},"result":{"days":2,"hours":0,"minutes":0}},\
        {"arguments":{"from":"2026-02-30","to":"2026-03-01"},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let from = try Zone.utc.date(try call.text("from"), "from")
    let to = try Zone.utc.date(try call.text("to"), "to")
    let minutes = Int((to.timeIntervalSince(from) / 60).rounded(.towardZero))
    return .json(["days": .int(minutes / 1440), "hours": .int(minutes % 1440 / 60), "minutes": .int(minutes % 60)])
}

private let shift = PluginTool(
    schema: """
        {"name":"shift_date","description":"Add days, weeks, months or years to a date, or take them away",\
        "parameters":{"type":"object","required":["date","amount","unit"],"properties":{\
        "date":{"type":"string","description":"The date, like 2026-03-01 or 2026-03-01 14:30"},\
        "amount":{"type":"integer","description":"How many; negative to go back"},\
        "unit":{"type":"string","enum":["minutes","hours","days","weeks","months","years"],"description":"Of what"}}},\
        "toolhost":{"annotations":{"readOnly":true,"idempotent":true},"examples":[\
        {"arguments":{"date":"2024-01-31","amount":1,"unit":"months"},\
        "result":{"time":"2024-02-29 00:00:00","zone":"UTC","weekday":"Thursday","utc_offset":"+00:00"}},\
        {"arguments":{"date":"2024-01-31","amount":1,"unit":"moons"},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let units: [String: Calendar.Component] = [
        "minutes": .minute, "hours": .hour, "days": .day, "weeks": .weekOfYear, "months": .month, "years": .year,
    ]
    let name = try call.text("unit")
    guard let unit = units[name] else {
        let known = "minutes, hours, days, weeks, months or years"
        throw ToolFailure.invalidArguments("unit: expected \(known), got \(name.prefix(40))")
    }
    guard let amount = try call.optionalInteger("amount", in: -1_000_000...1_000_000) else {
        throw ToolFailure.invalidArguments("amount: expected a whole number, got nothing")
    }
    let date = try Zone.utc.date(try call.text("date"), "date")
    guard let result = Zone.utc.calendar.date(byAdding: unit, value: amount, to: date) else {
        throw ToolFailure.error("There is no such date.")
    }
    return .json(Zone.utc.report(result))
}
