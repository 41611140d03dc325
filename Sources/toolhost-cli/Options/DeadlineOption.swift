import ArgumentParser

/// The option for the deadline of calls, for the verbs that call tools.
struct DeadlineOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The deadline of a call, for tools that set none: 0.001 to 1000000. Default: 60.",
            valueName: "seconds"
        ),
        transform: NumberOption.seconds
    )
    var timeout: Double?
}
