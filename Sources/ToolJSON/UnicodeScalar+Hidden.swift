extension Unicode.Scalar {
    /// True for a control, bidirectional or invisible character, including line breaks and tabs.
    ///
    /// A text with such characters could show a person something else than a model reads. It is the only definition of
    /// hidden characters in the package.
    package var isHidden: Bool {
        // Most characters are printable ASCII, and looking up properties takes long.
        if 0x20..<0x7F ~= value { return false }
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: return true
        // U+FE0F only selects the coloured form of a symbol.
        default: return properties.isDefaultIgnorableCodePoint && value != 0xFE0F
        }
    }
}
