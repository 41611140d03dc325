/// A list that allocates memory only for its second element.
///
/// The ordinary transitions of a call return at most one action, and most calls take less time than an allocation.
struct ShortList<Element> {
    private var first: Element?
    private var others: [Element] = []

    init() {}

    init(_ element: Element?) { first = element }

    var isEmpty: Bool { first == nil }

    mutating func append(_ element: Element) {
        if first == nil { first = element } else { others.append(element) }
    }

    mutating func append(contentsOf list: ShortList) {
        if isEmpty { self = list } else { list.forEach { others.append($0) } }
    }

    /// Calls a closure with each element.
    ///
    /// An iterator would copy the list, and most lists have one element.
    func forEach(_ body: (Element) -> Void) {
        if let first { body(first) }
        for element in others { body(element) }
    }
}

extension ShortList: Sequence {
    struct Iterator: IteratorProtocol {
        private let list: ShortList
        private var position = 0

        fileprivate init(_ list: ShortList) { self.list = list }

        mutating func next() -> Element? {
            defer { position += 1 }
            if position == 0 { return list.first }
            return position <= list.others.count ? list.others[position - 1] : nil
        }
    }

    func makeIterator() -> Iterator { Iterator(self) }
}

extension ShortList: Sendable where Element: Sendable {}
