import Glibc
import ToolPlugin

/// The running processes, from `/proc/PID/stat`.
enum Processes {
    /// The order of the processes
    @ToolSchema enum Order: String {
        case memory, cpu
    }

    private struct Process {
        let id: Int
        let name: String
        let memoryKibibytes: Int
        let cpuSeconds: Double
    }

    static func report(_ order: Order, limit: Int) throws(ToolError) -> JSON {
        guard let directory = opendir("/proc") else {
            throw .error("/proc cannot be read: \(String(cString: strerror(errno)))")
        }
        defer { closedir(directory) }
        var all: [Process] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let id = Int(name), let process = process(id) { all.append(process) }
        }
        let sorted = all.sorted { first, second in
            switch order {
            case .memory: (second.memoryKibibytes, first.id) < (first.memoryKibibytes, second.id)
            case .cpu: (second.cpuSeconds, first.id) < (first.cpuSeconds, second.id)
            }
        }
        let processes = sorted.prefix(limit).map { process -> JSON in
            [
                "pid": .int(process.id), "name": .string(process.name),
                "memory_mib": .double((Double(process.memoryKibibytes) / 1024 * 10).rounded() / 10),
                "cpu_seconds": .double((process.cpuSeconds * 10).rounded() / 10),
            ]
        }
        return ["processes": .array(Array(processes)), "running": .int(all.count)]
    }

    private static func process(_ id: Int) -> Process? {
        guard let line = SystemFile.textIfReadable("/proc/\(id)/stat"),
            // The name is in parentheses and may contain some.
            let open = line.firstIndex(of: "("), let close = line.lastIndex(of: ")"), open < close
        else { return nil }
        let fields = line[line.index(after: close)...].split(separator: " ")
        // Counted from the state, which is field 3 of proc(5): user time is 14, system time 15, resident pages 24.
        guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
            let pages = Int(fields[21]), 0...1 << 40 ~= pages
        else { return nil }
        return Process(
            id: id,
            name: String(line[line.index(after: open)..<close]),
            memoryKibibytes: pages * (sysconf(Int32(_SC_PAGESIZE)) / 1024),
            cpuSeconds: (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        )
    }
}
