/// A stack whose upper elements move into an array of exactly their number.
///
/// A parser does not know how many elements an array has before it ends. It collects the elements of all open arrays
/// on one stack, so that no array is allocated twice.
struct MoveStack<Element>: ~Copyable {
    private var storage: UnsafeMutableBufferPointer<Element>
    private(set) var count = 0
    /// The memory of the caller in which the stack begins, so that a small one allocates nothing.
    private let scratch: UnsafeMutableBufferPointer<Element>

    /// Creates a stack.
    ///
    /// - Parameter scratch: Uninitialized memory that must outlive the stack.
    init(scratch: UnsafeMutableBufferPointer<Element> = UnsafeMutableBufferPointer(start: nil, count: 0)) {
        self.scratch = scratch
        storage = scratch
    }

    deinit {
        storage.extracting(..<count).deinitialize()
        if storage.baseAddress != scratch.baseAddress { storage.deallocate() }
    }

    /// Accesses an element.
    ///
    /// The caller guarantees that the position is less than ``count``.
    subscript(position: Int) -> Element {
        get { storage[position] }
        set { storage[position] = newValue }
    }

    /// Returns the position of the first element from `start` upward that satisfies a condition.
    @inline(__always)
    func firstIndex(from start: Int, where condition: (borrowing Element) -> Bool) -> Int? {
        var position = start
        while position < count {
            if condition(storage[position]) { return position }
            position += 1
        }
        return nil
    }

    @inline(__always)
    mutating func push(_ element: consuming Element) {
        if count == storage.count { grow() }
        storage.initializeElement(at: count, to: element)
        count += 1
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(16, 2 * storage.count))
        _ = larger.moveInitialize(fromContentsOf: storage.extracting(..<count))
        if storage.baseAddress != scratch.baseAddress { storage.deallocate() }
        storage = larger
    }

    /// Removes the elements from a position upward.
    ///
    /// - Returns: The removed elements, in the order in which they were pushed.
    mutating func pop(from position: Int) -> [Element] {
        var removed: [Element] = []
        removed.reserveCapacity(count - position)
        for moved in position..<count { removed.append((storage.baseAddress.unsafelyUnwrapped + moved).move()) }
        count = position
        return removed
    }
}
