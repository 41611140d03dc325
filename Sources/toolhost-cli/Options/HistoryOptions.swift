import ArgumentParser

/// The options of a chat that select its conversation in the history.
struct HistoryOptions: ParsableArguments {
    @Flag(name: .customLong("continue"), help: "Continue the last conversation.") var continues = false
    @Option(
        help: ArgumentHelp(
            "Continue the conversation with a name or number, or begin one with a new name.",
            valueName: "name"
        )
    )
    var session: String?
    @Flag(inversion: .prefixedNo, help: "Store the conversation, or do not. Default: as configured, or else store it.")
    var history: Bool?

    func validate() throws {
        if continues, session != nil { throw ValidationError("Use either --continue or --session.") }
    }
}
