import Foundation

/// The counts that the kernel keeps of a process, from `/proc`.
struct ProcessCounts {
    /// The identifier of the process.
    let process: pid_t

    /// The resident memory in bytes.
    var resident: Int { Self.value("VmRSS:", in: "/proc/\(process)/status") << 10 }

    /// The number of times that its threads have waited: the voluntary context switches.
    var waits: Int {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/task")) ?? []
        return threads.map { Self.value("voluntary_ctxt_switches:", in: "/proc/\(process)/task/\($0)/status") }
            .reduce(0, +)
    }

    /// The worker processes of the process.
    var workers: [ProcessCounts] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { worker in
            let line = (try? String(contentsOfFile: "/proc/\(worker)/cmdline", encoding: .utf8)) ?? ""
            return line.hasSuffix("toolhost-worker\0\(process)\0")
        }.map { ProcessCounts(process: $0) }
    }

    private static func value(_ name: String, in file: String) -> Int {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { Int($0.filter(\.isNumber)) } ?? 0
    }
}
