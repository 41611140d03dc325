import ToolJSON

/// Where something stands in its file, in bytes: where a macro stands for it, the macro.
struct Span {
    let start: Int
    let end: Int

    init?(_ range: JSON?) {
        func place(_ key: String) -> (offset: Int, length: Int)? {
            guard let place = range?[key], let offset = (place["expansionLoc"] ?? place)["offset"]?.int else {
                return nil
            }
            return (offset, (place["expansionLoc"] ?? place)["tokLen"]?.int ?? 0)
        }
        guard let first = place("begin"), let last = place("end"), first.offset <= last.offset,
            last.length <= 1 << 20, last.offset <= 1 << 40
        else { return nil }
        (start, end) = (first.offset, last.offset + last.length)
    }
}
