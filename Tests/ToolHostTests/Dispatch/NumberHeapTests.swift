import Testing

@testable import ToolHost

@Suite("The heap of the numbers of waiting calls")
struct NumberHeapTests {
    @Test("numbers are removed in ascending order", arguments: 0..<20)
    func order(count: UInt64) {
        // The multiplication shuffles the numbers: 7919 is prime to each count.
        let numbers = (0..<count).map { $0 * 7919 % max(1, count) }
        var heap = NumberHeap()
        for number in numbers { heap.insert(number) }
        var removed: [UInt64] = []
        while let number = heap.removeFirst() { removed.append(number) }
        #expect(removed == numbers.sorted())
    }

    @Test("a number that is added later is removed in its place")
    func mixed() {
        var heap = NumberHeap()
        for number: UInt64 in [5, 9, 7] { heap.insert(number) }
        #expect(heap.removeFirst() == 5)
        heap.insert(8)
        heap.insert(1)
        var rest: [UInt64] = []
        while let number = heap.removeFirst() { rest.append(number) }
        #expect(rest == [1, 7, 8, 9])
        #expect(heap.removeFirst() == nil)
    }
}
