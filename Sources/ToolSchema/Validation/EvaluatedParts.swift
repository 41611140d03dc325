/// The members of an object or elements of an array that keywords have evaluated, by position.
struct EvaluatedParts {
    private var isEvaluated: [Bool] = []

    /// The number of positions up to the last evaluated one.
    var count: Int { isEvaluated.count }

    func contains(_ place: Int) -> Bool {
        place < isEvaluated.count && isEvaluated[place]
    }

    mutating func insert(_ place: Int) {
        if place >= isEvaluated.count {
            isEvaluated.append(contentsOf: repeatElement(false, count: place - isEvaluated.count + 1))
        }
        isEvaluated[place] = true
    }

    mutating func formUnion(_ other: EvaluatedParts) {
        for place in other.isEvaluated.indices where other.isEvaluated[place] { insert(place) }
    }
}
