import Foundation
import TestSupport
import ToolJSON

/// A directory with the built sample plugin Clock.
struct ClockFixture {
    static let dateFault = "expected a date like 2026-03-01 or 2026-03-01 14:30, got "
    static let zoneFault = "expected an IANA time zone like Europe/Paris, got "

    let directory: FixtureDirectory

    init() throws {
        directory = try FixtureDirectory()
        try FileManager.default.copyItem(atPath: BuiltProducts.plugin("Clock"), toPath: "\(directory.path)/Clock.so")
    }

    /// Returns a call of a tool.
    func call(_ tool: String, _ arguments: JSONObject) -> Command {
        Command("call", tool, JSON.object(arguments).text(), plugins: directory)
    }

    /// Returns the output of a tool for a time such as `2026-01-15 23:00:00 Thursday +09:00`.
    static func report(_ time: String, _ zone: String) -> String {
        let parts = time.split(separator: " ")
        let members: JSONObject = [
            "time": .string("\(parts[0]) \(parts[1])"), "zone": .string(zone), "weekday": .string(String(parts[2])),
            "utc_offset": .string(String(parts[3])),
        ]
        return JSON.object(members).text() + "\n"
    }
}
