import Testing

@testable import ToolRuntime

@Suite("The processor of a worker's listening thread")
struct ThreadPlacementTests {
    @Test(
        "the thread moves after eight calls in a row from one other processor",
        arguments: [
            (Array(repeating: 2, count: 7), 0),
            (Array(repeating: 2, count: 8), 1),
            (Array(repeating: 2, count: 17), 2),
            ([2, 2, 2, 2, 1, 2, 2, 2, 2, 2, 2, 2], 0),
            ([2, 2, 2, 2, .max, 2, 2, 2, 2, 2, 2, 2], 0),
            ([2, 2, 2, 2, 3, 2, 2, 2, 2, 2, 2, 2], 0),
            (Array(repeating: 2, count: 7) + Array(repeating: 3, count: 8), 1),
            (Array(repeating: 1, count: 20), 0),
            (Array(repeating: .max, count: 20), 0),
        ] as [([UInt32], Int)]
    )
    func moves(callers: [UInt32], expected: Int) {
        var placement = ThreadPlacement()
        #expect(callers.filter { placement.mustMove(to: $0, from: 1) }.count == expected)
    }

    @Test("the thread stays where it is if its own processor is unknown")
    func unknown() {
        var placement = ThreadPlacement()
        #expect(!(0..<20).contains { _ in placement.mustMove(to: 2, from: .max) })
    }
}
