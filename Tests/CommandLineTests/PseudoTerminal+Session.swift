import TestSupport

extension PseudoTerminal {
    /// Input that is typed once a text is shown.
    typealias Step = (after: String, type: String)

    /// Input that is typed once a text is shown, a condition is met, and the terminal is quiet.
    struct PatientStep {
        var after: String
        /// Returns true once the input can be typed.
        var when: () -> Bool = { true }
        var type: String
    }

    /// The result of a session.
    struct Session {
        /// The exit code, or the negated number of the signal that terminated the process.
        let status: Int32
        /// All output, with `\n` as line breaks.
        let text: String
        /// The screen before the input of each step.
        var screens: [TerminalScreen] = []
    }

    /// The time without output before a patient step, in milliseconds.
    private static let quiet: Int32 = 300

    /// Runs a command on a terminal with rows so long that no text is broken.
    ///
    /// - Parameter ahead: The input before any output.
    static func run(_ command: Command, ahead: String = "", _ steps: Step...) throws -> Session {
        let steps = steps.map { PatientStep(after: $0.after, type: $0.type) }
        return try PseudoTerminal(rows: 24, columns: 4000).run(command, ahead, steps, isPatient: false)
    }

    /// Runs a command on a terminal of a size, and records the screen before each step.
    static func run(
        _ command: Command,
        ahead: String = "",
        rows: Int = 24,
        columns: Int = 80,
        steps: [PatientStep]
    ) throws -> Session {
        try PseudoTerminal(rows: rows, columns: columns).run(command, ahead, steps, isPatient: true)
    }

    private func run(
        _ command: Command,
        _ ahead: String,
        _ steps: [PatientStep],
        isPatient: Bool
    ) throws -> Session {
        let home = try FixtureDirectory()
        let running = try start(command, in: home)
        type(ahead)
        var steps = steps[...]
        var start = 0
        var screens: [TerminalScreen] = []
        while true {
            let reading = read(within: isPatient ? Self.quiet : -1)
            if reading == .closed { break }
            guard reading == .quiet || !isPatient else { continue }
            while let step = steps.first, let place = output[start...].firstRange(of: Array(step.after.utf8)),
                step.when()
            {
                start = place.upperBound
                if isPatient { screens.append(screen) }
                type(step.type)
                steps = steps.dropFirst()
                // The next input must follow output that comes after this input.
                if isPatient { break }
            }
        }
        return Session(status: running.wait(), text: text, screens: screens)
    }
}
