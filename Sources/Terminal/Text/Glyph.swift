/// A safe scalar with its style.
struct Glyph: Equatable {
    var scalar: Unicode.Scalar
    var style: TextStyle

    init(_ scalar: Unicode.Scalar, _ style: TextStyle = []) { (self.scalar, self.style) = (scalar, style) }

    /// The number of columns, rather too high than too low.
    var width: Int { TextWidth.of(scalar) }
}

extension [Glyph] {
    /// Creates the glyphs of safe text.
    init(safe text: String, _ style: TextStyle = []) { self = text.unicodeScalars.map { Glyph($0, style) } }

    /// The number of columns, rather too high than too low.
    var width: Int { reduce(0) { $0 + $1.width } }
}
