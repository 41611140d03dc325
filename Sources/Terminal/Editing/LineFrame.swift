/// The rows of a prompt with its line, as a terminal shows them.
struct LineFrame: Equatable {
    /// The safe rows, each of which is shorter than the terminal is wide.
    var rows: [String] = [""]
    var cursorRow = 0
    /// The part of the cursor's row before the cursor.
    ///
    /// Writing it places the cursor, whatever width the terminal gives to the characters.
    var cursorPrefix = ""
}
