import ToolJSON

extension Console {
    /// Writes a JSON value and a line break, in pieces of bounded size.
    ///
    /// - Parameter write: Writes the value.
    func json(_ style: JSONStyle, _ write: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(style) { self.write(String(decoding: $0, as: UTF8.self)) }
        write(&writer)
        _ = writer.finish()
        self.write("\n")
    }
}
