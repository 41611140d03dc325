import ToolRuntime

extension WorkerConversation {
    /// The exit of a process, and the stage that the conversation had reached.
    struct Outcome {
        let process: WorkerProcess
        let program: String
        let didGreet: Bool
        let registration: PluginRegistration?
        let refusal: PluginError?
        let exit: WorkerExit

        var didRegister: Bool { registration != nil }

        /// True if the plugin made its process exit.
        var isCrash: Bool { didGreet && refusal == nil && exit.isCrash }

        /// True if the death is recorded against the plugin: it crashed or did not register.
        var isFault: Bool { isCrash || didGreet && refusal == nil && !didRegister }

        /// A description of what happened, in sentences.
        var sentence: String {
            if let refusal { return refusal.message }
            guard didGreet else { return "\(program) is not the worker program of this version. \(exit.sentence)" }
            return didRegister ? exit.sentence : "While it was loaded: \(exit.sentence)"
        }

        /// The action that solves the problem, if the host knows one.
        ///
        /// A program that does not greet is no worker, so the plugin is not to blame.
        var remedy: Remedy? { didGreet ? refusal?.remedy : .reinstall }

        /// The same as ``sentence`` with the process's output, for a person.
        var incident: String { output.isEmpty ? sentence : "\(sentence) The last of its output: \(output)" }

        /// The last of what the process wrote to its standard output and error, in one line.
        var output: String {
            let text = exit.output.split(separator: "\n").joined(separator: " ⏎ ").unicodeScalars
            return text.count > Self.shownOutput ? "…" + String(text.suffix(Self.shownOutput)) : String(text)
        }

        private static let shownOutput = 600
    }
}
