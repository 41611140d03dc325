extension String {
    /// The string, or two quotation marks for an empty one, which would be invisible in a message.
    var visible: String { isEmpty ? "\"\"" : self }
}
