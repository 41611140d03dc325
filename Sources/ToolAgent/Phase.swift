/// What the model may do in its next message.
enum Phase: Sendable {
    /// Call tools or answer.
    case open
    /// Answer, in the form that was asked for.
    case bound
    /// Answer, with what it has.
    case last

    /// The phase after so many messages with calls.
    init(rounds: Int, of configuration: AgentConfiguration, hasTools: Bool) {
        let mayCall = rounds < configuration.rounds
        if configuration.format == nil {
            self = mayCall ? .open : .last
        } else {
            self = mayCall && hasTools ? .open : .bound
        }
    }
}
