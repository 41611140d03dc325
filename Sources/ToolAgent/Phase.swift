/// The kinds of reply that the model may give to the next request.
enum Phase: Sendable {
    /// Calls or an answer.
    case open
    /// Calls, as the tool choice requires.
    case forced
    /// The JSON text of one call, in a format.
    case call
    /// An answer in the requested format.
    case formatted
    /// An answer with the results so far.
    case last

    /// Determines the phase after a number of messages with calls.
    init(rounds: Int, of configuration: AgentConfiguration, hasTools: Bool) {
        let mayCall = rounds < configuration.maximumRounds
        if configuration.format == nil {
            self = mayCall ? .open : .last
        } else {
            self = mayCall && hasTools ? .open : .formatted
        }
    }
}
