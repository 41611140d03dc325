import Glibc
import ToolPlugin

/// The load of the computer, from `/proc/loadavg` and `/proc/uptime`.
enum Load {
    static func report() throws(ToolError) -> JSON {
        let averages = try SystemFile.text("/proc/loadavg").split(separator: " ").prefix(3).compactMap { Double($0) }
        let uptime = try SystemFile.text("/proc/uptime").split(separator: " ").first.flatMap { Double($0) }
        guard averages.count == 3, let uptime, 0...1e12 ~= uptime else {
            throw .error("/proc/loadavg or /proc/uptime is not as expected")
        }
        return [
            "load_1_minute": .double(averages[0]), "load_5_minutes": .double(averages[1]),
            "load_15_minutes": .double(averages[2]),
            "processors": .int(sysconf(Int32(_SC_NPROCESSORS_ONLN))), "uptime_seconds": .int(Int(uptime)),
        ]
    }
}
