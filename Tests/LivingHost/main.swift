import Dispatch
import Glibc
import Locks
import ToolHost
import ToolJSON

// A program that must survive hostile plugins: it runs the tool `hostile` of each given directory, and then prints the
// status of each call, and the numbers of descriptors, threads and child processes before and after.
//
//     LivingHost WORKER DIRECTORY...
//
// The first directory has a harmless plugin, so that the resources that every host keeps exist from the beginning.

/// The resources that the process holds.
struct Holdings: Sendable, Equatable {
    var descriptors = 0
    var threads = 0
    /// The child processes, including zombies.
    var children = 0

    static func now() -> Holdings {
        let own = String(getpid())
        let children = names(in: "/proc").filter { pid_t($0) != nil }.filter { parent(of: $0) == own }
        // Without the descriptor that reads the directory.
        return Holdings(
            descriptors: names(in: "/proc/self/fd").count - 1,
            threads: names(in: "/proc/self/task").count,
            children: children.count
        )
    }

    private static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }

    private static func parent(of process: String) -> String? {
        let file = open("/proc/\(process)/stat", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 1024)
        let text = String(decoding: bytes.prefix(max(0, read(file, &bytes, bytes.count))), as: UTF8.self)
        // The name in parentheses may contain any character.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        return fields.count > 1 ? String(fields[1]) : nil
    }

    var json: JSON { ["descriptors": .int(descriptors), "threads": .int(threads), "children": .int(children)] }
}

/// Returns the status of one call of `hostile`, in a separate host.
func visit(_ directory: String, worker: String) async -> String {
    var configuration = HostConfiguration()
    configuration.searchPath.add(directory)
    configuration.isolation = .workers(WorkerConfiguration(program: worker))
    configuration.authorization = .allowAll
    configuration.limits.registration = .seconds(2)
    configuration.limits.grace = .milliseconds(300)
    configuration.limits.resultBytes = 4_000_000
    let host = ToolHost(configuration)
    do { try await host.loadPlugins() } catch { return error.message }
    return await host.dispatch([ToolCall(name: "hostile")]).results.map(\.status.rawValue).joined(separator: " ")
}

/// Runs work on the threads of the host, and blocks until it is done.
func finish<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value? {
    let done = DispatchSemaphore(value: 0)
    let value = Lock<Value?>(nil)
    Task(executorPreference: ToolHost.executor) {
        let result = await work()
        value.withLock { $0 = result }
        done.signal()
    }
    done.wait()
    return value.withLock(\.self)
}

/// Returns the resources once they do not shrink any more: idle threads are kept for ten seconds.
func settle(_ isSettled: (Holdings) -> Bool) -> Holdings {
    var (holdings, looks) = (Holdings.now(), 0)
    for _ in 0..<300 where looks < 20 || !isSettled(holdings) {
        usleep(100_000)
        let next = Holdings.now()
        looks = next.descriptors == holdings.descriptors ? looks + 1 : 0
        holdings = next
    }
    return holdings
}

let words = CommandLine.arguments
guard words.count > 3 else { exit(64) }
let (worker, directories) = (words[1], Array(words.dropFirst(3)))
_ = finish { await visit(words[2], worker: worker) }
let before = settle { $0.children == 0 }
let statuses: [[String]]? = finish {
    var statuses: [[String]] = []
    for start in stride(from: 0, to: directories.count, by: 4) {
        statuses += await withTaskGroup(of: [String].self) { group in
            for directory in directories[start..<min(start + 4, directories.count)] {
                group.addTask { [directory, await visit(directory, worker: worker)] }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }
    return statuses
}
let after = settle { $0.children == 0 && $0.descriptors <= before.descriptors && $0.threads <= before.threads }
let report: JSON = [
    "before": before.json, "after": after.json,
    "statuses": .object((statuses ?? []).reduce(into: JSONObject()) { $0[$1[0]] = .string($1[1]) }),
]
print(report.text())
