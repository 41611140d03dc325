import Glibc
import ToolAgent
import ToolHost
import ToolJSON

extension DoctorCommand {
    /// The report for programs.
    func report(
        _ configuration: HostConfiguration,
        _ host: ToolHost,
        _ server: ServerCheck,
        _ problems: [SettingsFile: String]
    ) -> JSON {
        var report: JSONObject = [
            "version": .string(Installation.version),
            "search_path": .array(
                configuration.searchPath.places.map { place in
                    ["path": .string(place.path), "exists": .bool(access(place.path, R_OK) == 0)]
                }
            ),
            "samples_off": .bool(options.samplesSentence(configuration) != nil),
            "worker_problem": Self.workerProblem(configuration).map(JSON.string) ?? .null,
            "plugins": .array(host.plugins.map(\.json)),
            "tool_tokens": .int(host.approximateToolTokens),
            "ollama": [
                "url": .string(server.url), "reachable": .bool(server.version != nil),
                "version": server.version.map(JSON.string) ?? .null, "models": server.models.map { .int($0) } ?? .null,
                "message": .string(server.sentence),
            ],
        ]
        for file in SettingsFile.allCases {
            let path = path(of: file, configuration)
            report[file.rawValue] = [
                "path": path.map(JSON.string) ?? .null, "exists": .bool(path.map(ConfigurationFile.exists) ?? false),
                "problem": problems[file].map(JSON.string) ?? .null,
            ]
        }
        return .object(report)
    }
}
