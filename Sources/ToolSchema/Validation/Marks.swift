/// The members of an object or elements of an array that some keyword has looked at, by their place.
struct Marks {
    private var isMarked: [Bool] = []

    /// The number of places up to the last one that is marked.
    var count: Int { isMarked.count }

    func contains(_ place: Int) -> Bool {
        place < isMarked.count && isMarked[place]
    }

    mutating func insert(_ place: Int) {
        if place >= isMarked.count {
            isMarked.append(contentsOf: repeatElement(false, count: place - isMarked.count + 1))
        }
        isMarked[place] = true
    }

    mutating func formUnion(_ other: Marks) {
        for place in other.isMarked.indices where other.isMarked[place] { insert(place) }
    }
}
