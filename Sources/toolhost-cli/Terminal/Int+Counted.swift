extension Int {
    /// Returns the number with a noun: `1 tool`, `2 tools`.
    func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
