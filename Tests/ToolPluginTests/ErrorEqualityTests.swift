import Testing
import ToolJSON
import ToolPlugin

@Suite("The equality of errors")
struct ErrorEqualityTests {
    @Test("two tool errors are equal if their code and message are")
    func toolError() {
        let error = ToolError.error("no note", underlyingError: CancellationError())
        #expect(error == .error("no note"))
        #expect(error != .error("no file"))
        #expect(error != .invalidArguments("no note"))
        #expect(Set([error, .error("no note")]).count == 1)
    }

    @Test("two errors of values are equal if their code, path and message are")
    func valueError() {
        let error = ToolValueError(expected: "a color", found: 1, underlyingError: CancellationError())
        #expect(error == ToolValueError(expected: "a color", found: 1))
        #expect(error != ToolValueError(expected: "a color", found: nil))
        #expect(error != error.inside("shade"))
        #expect(Set([error.inside(2), ToolValueError(expected: "a color", found: 1).inside(2)]).count == 1)
    }
}
