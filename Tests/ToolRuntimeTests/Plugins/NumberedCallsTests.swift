import Testing

@testable import ToolRuntime

@Suite("Numbers of calls")
struct NumberedCallsTests {
    @Test("a number of a call is never used again, and finds no other call")
    func numbers() {
        var calls = NumberedCalls<Int>()
        var seen: Set<UInt64> = []
        for round in 0..<100 {
            let numbers = (0...round % 7).map { calls.insert($0) }
            #expect(numbers.allSatisfy { $0 != 0 && seen.insert($0).inserted })
            #expect(numbers.map { calls[$0] } == (0...round % 7).map { $0 })
            for (index, number) in numbers.enumerated() {
                let removed = [calls.remove(number), calls.remove(number)]
                #expect(removed == [index, nil] && calls[number] == nil)
            }
        }
        #expect(seen.allSatisfy { calls[$0] == nil })
    }

    @Test("a number that was not assigned finds no call", arguments: [0, 1, 1 << 24 + 1, 2 << 24, .max] as [UInt64])
    func unknown(number: UInt64) {
        var calls = NumberedCalls<Int>()
        let first = calls.insert(1)
        let removed = calls.remove(number)
        #expect(first == 1 << 24 && calls[number] == nil && removed == nil)
    }
}
