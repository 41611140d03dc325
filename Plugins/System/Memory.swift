import ToolPlugin

/// The memory and swap of the computer, from `/proc/meminfo`.
enum Memory {
    static func report() throws(ToolError) -> JSON {
        var kibibytes: [Substring: Int] = [:]
        for line in try SystemFile.text("/proc/meminfo").split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == ":" || $0 == " " })
            if words.count >= 2 { kibibytes[words[0]] = Int(words[1]) }
        }
        func mebibytes(_ key: Substring) throws(ToolError) -> JSON {
            guard let value = kibibytes[key] else { throw .error("/proc/meminfo has no \(key)") }
            return .int(value / 1024)
        }
        return [
            "memory_total_mib": try mebibytes("MemTotal"), "memory_available_mib": try mebibytes("MemAvailable"),
            "swap_total_mib": try mebibytes("SwapTotal"), "swap_free_mib": try mebibytes("SwapFree"),
        ]
    }
}
