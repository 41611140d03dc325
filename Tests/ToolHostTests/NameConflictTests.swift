import Testing
import ToolJSON
import ToolRuntime
import ToolSandbox
import ToolSchema

@testable import ToolHost

/// Conflicts of names between plugins, decided by the registry alone: no plugin is loaded.
@Suite("A name that several plugins claim")
struct NameConflictTests {
    /// A source of tools that is never called.
    private final class UncalledSource: ToolSource {
        struct Call: ToolSourceCall {
            func cancel() {}
        }

        let registration = PluginRegistration(manifest: [], tools: [])
        var incidents: [String] { [] }
        var isConfined: Bool { false }
        var sandbox: SandboxReport? { nil }
        func configure(_ values: [String: String]) {}
        func grant(_ permissions: PluginPermissions) {}
        func start(
            tool index: Int,
            _ request: CallRequest,
            observe: @escaping @Sendable (CallEvent) -> Void
        ) -> any ToolSourceCall { Call() }
    }

    /// A plugin that claims names.
    struct Claimant: Sendable {
        var file: String
        var plugin: String
        var naming = PluginEntry.Naming.none
        var trustDate: Int?
        var tools = ["tell"]
        /// True if its tools are withheld, and their names reserved.
        var reserves = false

        fileprivate func entry() throws -> PluginEntry {
            var entry = PluginEntry(naming: naming, report: PluginReport(file: file, state: .loaded))
            entry.report.name = plugin
            let source = UncalledSource()
            entry.plugin = source
            entry.trustDate = trustDate
            guard !reserves else {
                entry.report.state = .ungranted(PluginPermissions())
                entry.reserved = tools
                for name in tools { entry.report.unofferedTools[name] = "" }
                return entry
            }
            for name in tools {
                entry.tools.append(try NameConflictTests.tool(name, from: source, file: file))
            }
            return entry
        }
    }

    fileprivate static func tool(_ name: String, from source: any ToolSource, file: String?) throws -> RegisteredTool {
        RegisteredTool(
            provider: file.map { ToolProvider(name: "p", version: "", file: $0) } ?? .program,
            source: source,
            index: 0,
            summary: ToolSummary(name: name, description: "", annotations: DeclaredEffects(), timeout: nil),
            definition: ToolDefinition(["name": .string(name)], try Schema(true))
        )
    }

    /// Claimants, and the files that offer the tools.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let claimants: [Claimant]
        /// The file that offers each tool.
        let offered: [String: String]

        init(_ description: String, _ claimants: [Claimant], offered: [String: String]) {
            (testDescription, self.claimants, self.offered) = (description, claimants, offered)
        }
    }

    private static let untrusted = Claimant(file: "/own/a.so", plugin: "p")

    /// Conflicts that have the same outcome for the names of plugins and of tools.
    static let cases = [
        Case("one plugin alone", [untrusted], offered: ["tell": "/own/a.so"]),
        Case(
            "two untrusted plugins of the user's directories",
            [untrusted, Claimant(file: "/own/b.so", plugin: "p")],
            offered: [:]
        ),
        Case(
            "a plugin of a named directory and one of another directory",
            [untrusted, Claimant(file: "/named/b.so", plugin: "p", naming: .directory)],
            offered: ["tell": "/named/b.so"]
        ),
        Case(
            "a trusted plugin and one of a named directory",
            [
                Claimant(file: "/own/a.so", plugin: "p", trustDate: 5),
                Claimant(file: "/named/b.so", plugin: "p", naming: .directory),
            ],
            offered: ["tell": "/own/a.so"]
        ),
        Case(
            "a named file and a trusted plugin",
            [
                Claimant(file: "/own/a.so", plugin: "p", trustDate: 5),
                Claimant(file: "/named/b.so", plugin: "p", naming: .file),
            ],
            offered: ["tell": "/named/b.so"]
        ),
        Case(
            "two trusted plugins, of which the second was trusted later",
            [
                Claimant(file: "/own/a.so", plugin: "p", trustDate: 5),
                Claimant(file: "/own/b.so", plugin: "p", trustDate: 6),
            ],
            offered: ["tell": "/own/b.so"]
        ),
        Case(
            "an untrusted plugin and an installed sample that is trusted",
            [untrusted, Claimant(file: "/lib/b.so", plugin: "p", naming: .installed, trustDate: 5)],
            offered: ["tell": "/own/a.so"]
        ),
        Case(
            "a trusted plugin that is withheld and an untrusted one",
            [
                Claimant(file: "/own/a.so", plugin: "p", trustDate: 5, reserves: true),
                Claimant(file: "/own/b.so", plugin: "p"),
            ],
            offered: [:]
        ),
    ]

    private func registry(_ claimants: [Claimant]) throws -> ToolRegistry {
        var registry = ToolRegistry()
        var entries = try claimants.map { try $0.entry() }
        registry.replacePlugins(&entries)
        return registry
    }

    @Test(
        "a name that several plugins claim is offered by the plugin with the best claim",
        arguments: cases,
        [true, false]
    )
    func conflict(test: Case, havePluginsOneName: Bool) throws {
        var claimants = test.claimants
        if !havePluginsOneName {
            for index in claimants.indices { claimants[index].plugin += "\(index)" }
        }
        let registry = try registry(claimants)
        let offered = registry.tools.mapValues { $0.provider.file ?? "" }
        #expect(offered == test.offered)
        for entry in registry.entries where !entry.offers("tell") {
            // A tool that is not offered is known, and so is the plugin that has it.
            #expect(entry.report.unofferedTools["tell"] != nil)
        }
        #expect((registry.owner(ofUnoffered: "tell") == nil) == !test.offered.isEmpty)
    }

    @Test(
        "a name that several plugins claim is contested by plugins with equal claims, and each report names the other file and a remedy"
    )
    func contested() throws {
        let registry = try registry([Self.untrusted, Claimant(file: "/own/b.so", plugin: "p")])
        for (entry, other) in zip(registry.entries, ["/own/b.so", "/own/a.so"]) {
            guard case .contested(let reason) = entry.report.state else {
                Issue.record("\(entry.report)")
                continue
            }
            #expect(reason.contains(other) && entry.report.remedies == [.choose])
        }
    }

    @Test("a name that several plugins claim is taken from an installed sample, and a note in its report says so")
    func sample() throws {
        let registry = try registry([
            Self.untrusted, Claimant(file: "/lib/b.so", plugin: "q", naming: .installed, tools: ["tell", "show"]),
        ])
        let sample = registry.entries[1].report
        #expect(sample.tools == ["show"] && sample.remedies == [.omitSamples])
        #expect(sample.notes.map(\.tools) == [["tell"]] && !sample.needsAttention)
        #expect(registry.tools["tell"]?.replacedFiles == ["/lib/b.so"])
    }

    @Test(
        "a name that several plugins claim is shadowed at the plugin with the lesser claim, whose report has a remedy",
        arguments: [
            (.none, .none, .nameFile("/b.so")), (.none, .directory, .nameFile("/b.so")),
            (.file, .file, .choose), (.none, .installed, .omitSamples),
        ] as [(PluginEntry.Naming, PluginEntry.Naming, Remedy)]
    )
    func shadowed(winner: PluginEntry.Naming, loser: PluginEntry.Naming, remedy: Remedy) throws {
        let registry = try registry([
            Claimant(file: "/a.so", plugin: "p", naming: winner, trustDate: 5),
            Claimant(file: "/b.so", plugin: "p", naming: loser),
        ])
        #expect(registry.entries[1].report.state == .shadowed(by: "/a.so"))
        #expect(registry.entries[1].report.remedies == [remedy])
    }

    @Test(
        "a name that several plugins claim belongs to the program that registers a tool of that name, and no other tool may take it"
    )
    func program() throws {
        var registry = ToolRegistry()
        let tool = try Self.tool("tell", from: UncalledSource(), file: nil)
        try registry.add([tool])
        var entries = [try Self.untrusted.entry()]
        registry.replacePlugins(&entries)
        #expect(registry.tools["tell"]?.provider == .program)
        let error = #expect(throws: ToolHostError.self) { try registry.add([tool]) }
        #expect(error?.code == .nameTaken)
    }
}
