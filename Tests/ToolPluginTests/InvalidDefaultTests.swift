import Testing
import ToolJSON

@testable import ToolPlugin

private enum Limits {
    static let tooMany = 7
    static let empty = ""
    static let none: [Int] = []
    static let fine = 2
}

@ToolSchema private struct Window: Equatable {
    @Bounds(1...3) var width: Int = Limits.tooMany
}

@Tool private func open(
    @Bounds(1...3) times: Int = Limits.tooMany,
    @Bounds(1...3) fine: Int = Limits.fine,
    @Length(1...) title: String = Limits.empty,
    @Count(1...) rows: [Int] = Limits.none,
    @Bounds(0...) limit: Int = .max,
    @Bounds(...9) least: Int? = nil,
    window: Window
) {}

@Suite("Default values that are not literals") struct InvalidDefaultTests {
    @Test("a default value that violates its constraints makes registration fail with the reason")
    func registration() {
        let plugin = PluginDescription("windows", version: "1.0.0", tools: [openTool])
        #expect(plugin.export(nil) == nil)
        #expect(
            InvalidDefaults.sentences.sorted() == [
                "The default value \"\" of title is invalid: it must have at least 1 characters.",
                "The default value 7 of times is invalid: it must be at most 3.",
                "The default value 7 of width is invalid: it must be at most 3.",
                "The default value [] of rows is invalid: it must have at least 1 elements.",
            ]
        )
    }

    @Test(
        "a default value is checked against every kind of constraint except patterns",
        arguments: [
            (.bounds(1...3), 7, "it must be at most 3"), (.bounds(1...3), 0, "it must be at least 1"),
            (.bounds(1...3), 3, nil), (.bounds(1...), 0, "it must be at least 1"),
            (.bounds(...3), 4, "it must be at most 3"),
            (.bounds(0.5...1.5), 1.75, "it must be at most 1.5"), (.bounds(0.5...), 0.25, "it must be at least 0.5"),
            (.bounds(...1.5), 2, "it must be at most 1.5"), (.length(2...3), "a", "it must have at least 2 characters"),
            (.length(2...), "ab", nil), (.length(...3), "four", "it must have at most 3 characters"),
            (.count(1...2), [], "it must have at least 1 elements"),
            (.count(2...), [1], "it must have at least 2 elements"),
            (.count(...1), ["a": 1, "b": 2], "it must have at most 1 elements"), (.count(1...), ["a": 1], nil),
            (.bounds(1...3), nil, nil), (.pattern("^a"), "b", nil),
        ] as [(ToolConstraint, JSON, String?)]
    )
    func constraints(constraint: ToolConstraint, value: JSON, sentence: String?) {
        #expect(constraint.violation(by: value) == sentence)
    }
}
