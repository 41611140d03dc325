import ToolJSON

/// The range of a declaration in its file, as byte offsets.
///
/// A declaration that comes from a macro has the range of the macro.
struct Span {
    let start: Int
    let end: Int

    init?(_ range: JSON?) {
        func place(_ key: String) -> (offset: Int, length: Int)? {
            guard let place = range?[key], let offset = (place["expansionLoc"] ?? place)["offset"]?.int(in: 0...1 << 40)
            else { return nil }
            return (offset, (place["expansionLoc"] ?? place)["tokLen"]?.int(in: 0...1 << 20) ?? 0)
        }
        guard let first = place("begin"), let last = place("end"), first.offset <= last.offset else { return nil }
        (start, end) = (first.offset, last.offset + last.length)
    }
}
