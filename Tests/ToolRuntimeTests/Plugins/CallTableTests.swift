import Testing

@testable import ToolRuntime

@Suite("Numbers of calls")
struct CallTableTests {
    @Test("a number of a call is never used again")
    func numbers() {
        let table = CallTable()
        #expect((0..<3).map { _ in table.nextID() } == [1, 2, 3])
        #expect(table[1] == nil && table[0] == nil && table[.max] == nil)
    }
}
