/// Calls by numbers, none of which is used twice.
///
/// A number has the position of the call in an array, and the count of calls that were there before. So a call is found
/// without hashing, and a late number finds no other call.
struct NumberedCalls<Call: Sendable>: Sendable {
    private struct Slot {
        var number: UInt64
        var call: Call?
    }

    private var slots: [Slot] = []
    /// The positions without a call.
    private var free: [Int] = []

    private static var step: UInt64 { 1 << 24 }

    /// The call with a number, or nil.
    subscript(number: UInt64) -> Call? { index(of: number).flatMap { slots[$0].call } }

    private func index(of number: UInt64) -> Int? {
        let index = Int(number % Self.step)
        return index < slots.count && slots[index].number == number ? index : nil
    }

    /// Inserts a call, and returns its number, which is not 0.
    mutating func insert(_ call: Call) -> UInt64 {
        guard let index = free.popLast() else {
            let number = Self.step + UInt64(slots.count)
            slots.append(Slot(number: number, call: call))
            return number
        }
        slots[index].number += Self.step
        slots[index].call = call
        return slots[index].number
    }

    /// Removes a call, and returns it.
    mutating func remove(_ number: UInt64) -> Call? {
        guard let index = index(of: number), let call = slots[index].call.take() else { return nil }
        free.append(index)
        return call
    }
}
