/// The error of a line that begins like a command and is none.
package struct SlashCommandError: Error, Equatable, Sendable {
    /// The reason and the remedy, in sentences that quote the untrusted line.
    package let message: String
}
