import Testing

/// The forms of arguments that begin with a dash, for a verb with all kinds of options.
@Suite("An argument that begins with a dash", .timeLimit(.minutes(10)))
struct DashFormTests {
    /// The forms of arguments that begin with a dash, behind `call x`, whose flags are `-v` and `-h` and
    /// whose only option with a value is `-o`.
    ///
    /// The file of `-o` is checked first, so 74 shows that it was read. Then 3 shows that the argument was read as the value
    /// of the verb, since there is no tool `x`.
    private static let forms: [(form: [String], status: Int32, words: String)] = [
        // An option and its value: separate, after an equals sign, and after flags.
        (["-o", "/no/f"], 74, "/no/f cannot"), (["-o=/no/f"], 74, "/no/f cannot"),
        (["-vo", "/no/f"], 74, "/no/f cannot"), (["-vo=/no/f"], 74, "/no/f cannot"),
        (["-vvo=/no/f g"], 74, "/no/f g cannot"), (["-o", "-/no/f"], 74, "-/no/f cannot"), (["-o="], 74, #""" cannot"#),
        // An option with its value glued to it.
        (["-ofile"], 64, #"Did you mean "-o file"? If it is a value, write -- before it."#),
        (["-o5"], 64, #""-o 5""#), (["-o/f.png"], 64, #""-o /f.png""#), (["-of=g"], 64, #""-o f=g""#),
        (["-oo"], 64, #""-o o""#), (["-ov"], 64, #""-o v""#), (["-ov=g"], 64, #""-o v=g""#), (["-oé"], 64, #""-o é""#),
        (["-vofile"], 64, #""-vo file""#), (["-hof"], 64, #""-ho f""#), (["-vvofile=g"], 64, #""-vvo file=g""#),
        (["--", "-ofile"], 3, "Tool x"),
        // A flag with a value.
        (["-v=1"], 64, "-v takes no value"), (["-h=1"], 64, "-h takes no value"), (["-v="], 64, "-v takes no value"),
        (["-vh=1"], 64, "Unknown option -vh=1. -h takes no value"), (["--json=1"], 64, "--json takes no value"),
        // A letter that is not an option, and a long option with one dash too few.
        (["-x"], 64, "Unknown option -x"), (["-x=1"], 64, "Unknown option -x"),
        (["-output"], 64, #"Did you mean "--output"?"#), (["-output=f"], 64, #"Did you mean "--output"?"#),
        (["-json"], 64, #"Did you mean "--json"?"#), (["-verbose"], 64, #"Did you mean "--verbose"?"#),
        // Values.
        (["-hello"], 3, "Tool x"), (["-vx"], 3, "Tool x"), (["-vhx"], 3, "Tool x"), (["-xo"], 3, "Tool x"),
        (["-xy=1"], 3, "Tool x"), (["-vx=1"], 3, "Tool x"), (["-h5"], 3, "Tool x"), (["-5"], 3, "Tool x"),
        (["-5=o"], 3, "Tool x"), (["-"], 3, "Tool x"), (["-=o"], 3, "Tool x"), (["-ofile f"], 3, "Tool x"),
        (["-of=g h"], 3, "Tool x"), (["-h=1 m"], 3, "Tool x"), (["-x=1 m"], 3, "Tool x"), (["-v x"], 3, "Tool x"),
        // The value of an option before it: anything but an option, and a mistyped long one.
        (["--config", "-ofile"], 64, "configuration -ofile"), (["--config", "-x=1"], 64, "configuration -x=1"),
        (["--config", "-h=1"], 64, "configuration -h=1"), (["--config", "-x"], 64, "configuration -x"),
        (["--config", "-vofile"], 64, "configuration -vofile"), (["--config", "-hello"], 64, "configuration -hello"),
        (["--config", "-v"], 64, "Missing value for '--config"), (["--config", "-vo"], 64, "Missing value for"),
        (["--config", "-vo=f"], 64, "Missing value for"), (["--config", "--", "f"], 64, "Missing value for"),
        (["--config", "-output"], 64, #"Did you mean "--output"?"#), (["--config", "--jsn"], 64, #""--json""#),
        // No value at all.
        (["-o"], 64, "Missing value for '-o"), (["-vo"], 64, "Missing value for '-o"),
        (["--arg"], 64, "Missing value for '--arg"), (["--allow"], 64, "Missing value for '--allow"),
        (["-5 m", "--arg"], 64, "Missing value for '--arg"), (["--arg", "--"], 64, "--arg --: expected name=value"),
    ]

    @Test(
        "the form of an argument that begins with a dash decides whether it is an option, a value or an error",
        arguments: forms
    )
    func form(form: [String], status: Int32, words: String) throws {
        var command = Command("call", "x")
        command.arguments += form
        let result = try command.run()
        #expect(result.status == status && result.output.isEmpty, "\(result)")
        #expect(result.errors.contains(words), "\(result)")
    }
}
