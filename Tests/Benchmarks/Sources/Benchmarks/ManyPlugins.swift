import Foundation
import ToolHost

/// 200 plugins: loaded by the host beside `dlopen`, and listed by the command beside an empty list.
enum ManyPlugins {
    private static let count = 200

    static func measure(_ workshop: PluginWorkshop, command: String, into table: inout Table) async throws {
        announce("\(count) plugins: compiling them takes half a minute …")
        for index in 0..<count { try workshop.plugin("tool_\(index)", in: "many") }
        let directory = workshop.directory.appending(path: "many")
        // A process loads a library once, so `dlopen` without the host needs copies.
        let copy = workshop.directory.appending(path: "copy")
        try FileManager.default.copyItem(at: directory, to: copy)
        let files = try FileManager.default.contentsOfDirectory(atPath: copy.path)

        let clock = ContinuousClock()
        let bare = try clock.measure {
            for file in files {
                let library = dlopen(copy.appending(path: file).path, RTLD_NOW | RTLD_LOCAL)
                guard dlsym(library, "tool_plugin_register_v1") != nil else { throw BenchmarkError("dlopen failed.") }
            }
        }
        var configuration = HostConfiguration()
        configuration.isolation = .inProcess
        configuration.authorization = .allowAll
        configuration.searchPath.add(directory.path)
        let host = ToolHost(configuration)
        let loading = try await clock.measure { try await host.loadPlugins() }
        guard host.tools.count == count else { throw BenchmarkError("Only \(host.tools.count) tools were loaded.") }
        table.add("loading \(count) plugins", loading, beside: bare, "only dlopen and dlsym")

        let cache = workshop.directory.appending(path: "cache").path
        var (cold, cached, inProcess, empty): ([Duration], [Duration], [Duration], [Duration]) = ([], [], [], [])
        for _ in 0..<11 {
            // Without a directory for the cache, nothing is cached.
            cold.append(try clock.measure { try list(command, ["--plugins", directory.path]) })
            cached.append(try clock.measure { try list(command, ["--plugins", directory.path], cache: cache) })
            inProcess.append(try clock.measure { try list(command, ["--plugins", directory.path, "--in-process"]) })
            empty.append(try clock.measure { try list(command, []) })
        }
        let rows = [("cold", cold), ("cached", cached), ("in this process", inProcess)]
        for (kind, times) in rows {
            table.add(
                "toolhost list, \(count) plugins, \(kind)",
                median(times),
                beside: median(empty),
                "without plugins"
            )
        }
    }

    private static func list(_ command: String, _ arguments: [String], cache: String? = nil) throws {
        let process = Process()
        process.executableURL = URL(filePath: command)
        process.arguments = ["list", "--json", "--no-default-plugins"] + arguments
        process.environment = cache.map { ["XDG_CACHE_HOME": $0] } ?? [:]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw BenchmarkError("toolhost list failed.") }
    }
}
