import Foundation
import TestSupport
import Testing
import ToolHost

/// Tests of plugins whose path leads through a symbolic link.
@Suite("Plugins behind symbolic links")
struct RedirectedPathTests {
    private static let other: uid_t = 65534
    private static let isRoot = geteuid() == 0

    /// A file of a plugin that is reached through the link `way`.
    enum Loaded: String, CaseIterable, CustomTestStringConvertible {
        case plugin, directory, runPath, neededPath, binding, boundLibrary
        var testDescription: String { rawValue }
    }

    /// The means by which another user could change where `way` leads.
    ///
    /// Only root can create files of another user, so other users test fewer.
    enum Redirection: String, CaseIterable, CustomTestStringConvertible {
        case none, openDirectory, foreignDirectory, foreignLink, foreignLinkInSticky
        var testDescription: String { rawValue }
        static var available: [Redirection] { isRoot ? allCases : [.none, .openDirectory] }

        /// Creates the link `way` to `real`, through an object that other users could change.
        func make(in directory: FixtureDirectory) throws {
            switch self {
            case .none: directory.link("way", "real")
            case .openDirectory:
                try directory.directory("middle", mode: 0o777)
                directory.link("middle/back", "../real")
                directory.link("way", "middle/back")
            case .foreignDirectory:
                try directory.directory("middle", mode: 0o755, owner: other)
                directory.link("middle/back", "../real", owner: other)
                directory.link("way", "middle/back")
            case .foreignLink: directory.link("way", "real", owner: other)
            case .foreignLinkInSticky:
                try directory.directory("middle", mode: 0o1777)
                directory.link("middle/back", "../real", owner: other)
                directory.link("way", "middle/back")
            }
        }
    }

    @Test(
        "a file is not loaded if another user can change where its path leads",
        .inBothIsolations,
        arguments: Loaded.allCases,
        Redirection.available
    )
    func loaded(loaded: Loaded, redirection: Redirection) async throws {
        let directory = try FixtureDirectory()
        try directory.directory("real")
        try directory.directory("plugins")
        try redirection.make(in: directory)
        let name = loaded == .neededPath ? directory.path + "/way/libown.so" : "libown.so"
        try directory.plugin("real/libown.so", "int own(void) { return 42; }", flags: ["-Wl,-soname,\(name)"])
        let source = FixtureSource.tool(
            "own",
            before: "int own(void);",
            body: #"tool_print(call, "%d", own()); return tool_finish(call, TOOL_OK);"#
        )
        let linking = ["-L\(directory.path)/real", "-Wl,--no-as-needed", "-lown"]
        let binding = { (library: String) in
            #"""
            {"toolhost": 1, "plugin": {"name": "own"}, "library": "\#(library)",
             "tools": [{"name": "own", "description": "Own", "parameters": [], "returns": "i32"}]}
            """#
        }
        var place = directory.path + "/plugins"
        switch loaded {
        case .plugin, .directory:
            try directory.plugin("real/user.so", source, flags: linking + ["-Wl,-rpath,\(directory.path)/real"])
            place = directory.path + (loaded == .plugin ? "/way/user.so" : "/way")
            if loaded == .directory { unlink(directory.path + "/real/libown.so.c") }
        case .runPath: try directory.plugin("plugins/user.so", source, flags: linking + ["-Wl,-rpath,$ORIGIN/../way"])
        case .neededPath: try directory.plugin("plugins/user.so", source, flags: linking)
        case .binding:
            try directory.file("real/own.tool.json", binding("./libown.so").utf8)
            place = directory.path + "/way/own.tool.json"
        case .boundLibrary: try directory.file("plugins/own.tool.json", binding("../way/libown.so").utf8)
        }
        var configuration = HostConfiguration()
        configuration.searchPath.add(place, isExplicit: true)
        configuration.isolation = Isolation.current
        configuration.cacheDirectory = directory.path + "/cache"
        // The second host finds the file in the cache.
        for _ in 0..<2 {
            let host = ToolHost(configuration)
            try await host.loadPlugins()
            let plugin = host.plugins.first { $0.file.contains("user.so") || $0.file.contains(".tool.json") }
            if redirection == .none {
                #expect(await host.dispatch([ToolCall(name: "own")]).results.first?.text == "42", "\(host.plugins)")
            } else if case .broken(let error)? = plugin?.state {
                let words = redirection.rawValue.contains("Directory") ? ["middle", "/way/"] : ["another user"]
                #expect(words.contains { error.message.contains($0) }, "\(error)")
            } else {
                Issue.record("\(host.plugins)")
            }
        }
    }
}
