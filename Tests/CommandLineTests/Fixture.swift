import Foundation
import TestSupport

/// The plugins that the tests of several verbs use.
///
/// They are compiled once.
enum Fixture {
    /// The directory of the tools `get_temperature`, `get_conditions`, `typed` and `outcome`.
    static var plugins: FixtureDirectory {
        get throws { try shared.get() }
    }

    private static let shared = Result {
        let fixture = try FixtureDirectory()
        try fixture.plugin("weather.so", FixtureSource.file("weather.c"))
        try fixture.plugin("typed.so", typed)
        try fixture.plugin("outcome.so", outcome)
        // A static value is never released.
        atexit {
            if let directory = try? Fixture.plugins { try? FileManager.default.removeItem(atPath: directory.path) }
        }
        return fixture
    }

    /// The tool `typed`, which has a parameter of every type and returns its arguments.
    private static let typed = FixtureSource.tool(
        "typed",
        extra: """
            ,"parameters":{"type":"object","properties":{"i":{"type":"integer"},"n":{"type":"number"},\
            "b":{"type":"boolean"},"z":{"type":"null"},"a":{"type":"array"},"o":{"type":"object"},\
            "s":{"type":"string"},"in":{"type":["integer","null"]},"sn":{"type":["string","number"]}}}
            """,
        body: "tool_write_json(call, call->arguments); return tool_finish(call, TOOL_OK);"
    )

    /// The tool `outcome`, which succeeds or fails in the way `how`.
    static var outcome: String {
        get throws {
            try FixtureSource.tool(
                "outcome",
                before: FixtureSource.file("outcome.c"),
                extra: """
                    ,"parameters":{"type":"object","properties":{"how":{"type":"string"}}},\
                    "toolhost":{"timeout":0.2,"examples":[{"arguments":{"how":"text"},"result":"a text"},\
                    {"arguments":{"how":"json"},"result":{"b":[1,2]}},{"arguments":{"how":"error"},"error":"TOOL_ERROR"},\
                    [{"arguments":{"how":"text"},"result":"a text"},{"arguments":{"how":"text"},"result":"a text"}]]}
                    """,
                body: "return end(call);"
            )
        }
    }

    /// The tool `meet`, each call of which waits until a second call has started.
    static var meeting: String {
        get throws {
            try FixtureSource.tool(
                "meet",
                before: FixtureSource.file("meeting.c"),
                extra: """
                    ,"parameters":{"type":"object","required":["name"],"properties":{"name":{"type":"string",\
                    "description":"The name of a person"}}}
                    """,
                body: "return meet(call);"
            )
        }
    }
}
