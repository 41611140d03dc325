import Testing

@testable import ToolHost

@Suite("The list with one element in place")
struct ShortListTests {
    @Test("elements keep their order, however they are added", arguments: 0..<4, 0..<4)
    func order(first: Int, second: Int) {
        var list = ShortList<Int>()
        for number in 0..<first { list.append(number) }
        var others = ShortList<Int>(second > 0 ? first : nil)
        for number in 1..<max(second, 1) { others.append(first + number) }
        list.append(contentsOf: others)
        #expect(Array(list) == Array(0..<first + second))
        #expect(list.isEmpty == (first + second == 0))
    }
}
