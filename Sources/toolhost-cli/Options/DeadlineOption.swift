import ArgumentParser

/// The deadline of calls, for the verbs that call tools.
struct DeadlineOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("Deadline of one call, for tools that set none.", valueName: "seconds"),
        transform: NumberOption.seconds
    )
    var timeout: Double?
}
