import Testing
import ToolHost
import ToolJSON
import ToolPlugin
import ToolPluginFoundation

@ToolSchema private enum Unit: String { case metric, imperial }

extension Unit {
    static let usual = Unit.metric
}

@Tool private func forecast(
    days: Int = 3,
    units: Unit = .metric,
    others: [Unit] = [Unit.imperial, .usual],
    names: Set<String> = ["c", "a", "b"],
    from start: Date = .now,
    to end: Date = Date(timeIntervalSince1970: 0),
    note: String? = nil,
    @Bounds(1...) limit: Int = .max
) -> String { "\(days) \(units) \(others.map(\.rawValue)) \(names.sorted())" }

/// The model sees only default values that are the same at every registration, because the host rejects a worker whose
/// registration differs.
@Suite("Default values") struct DefaultTests {
    @Test("the schema contains only default values that are constant")
    func schema() throws {
        let host = ToolHost()
        try host.register(forecastTool)
        let parameters = try #require(host.tools.first?.parameters)
        #expect(parameters["required"] == nil)
        let shown = try #require(parameters["properties"]?.object).compactMap { name, schema in
            schema["default"].map { "\(name)=\($0.text())" }
        }
        #expect(
            shown == [
                "days=3", #"units="metric""#, #"others=["imperial","metric"]"#, #"names=["a","b","c"]"#,
            ]
        )
    }

    @Test("a missing argument has its default value")
    func missing() async throws {
        let host = ToolHost()
        try host.register(forecastTool)
        let answer = try #require(await host.dispatch([ToolCall(name: "forecast")]).results.first)
        #expect(answer.text == #"3 metric ["imperial", "metric"] ["a", "b", "c"]"#)
    }
}
