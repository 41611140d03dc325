/// Numbers that are removed in ascending order.
///
/// It is a binary heap: adding and removing take logarithmic time.
struct NumberHeap {
    private var numbers: [UInt64] = []

    mutating func insert(_ number: UInt64) {
        var index = numbers.count
        numbers.append(number)
        while index > 0, numbers[(index - 1) / 2] > numbers[index] {
            numbers.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// Removes the lowest number, or returns nil if there are none.
    mutating func removeFirst() -> UInt64? {
        guard let first = numbers.first else { return nil }
        numbers.swapAt(0, numbers.count - 1)
        numbers.removeLast()
        var index = 0
        while let child = lowestChild(of: index), numbers[child] < numbers[index] {
            numbers.swapAt(index, child)
            index = child
        }
        return first
    }

    private func lowestChild(of index: Int) -> Int? {
        let left = 2 * index + 1
        guard left < numbers.count else { return nil }
        return left + 1 < numbers.count && numbers[left + 1] < numbers[left] ? left + 1 : left
    }
}
