import OllamaClient
import ToolAgent
import ToolBinding
import ToolHistory
import ToolHost
import ToolJSON

extension Remedy {
    /// The remedy in the words of the command line: the flag, the verb or the command that carries it out.
    ///
    /// The only place that names them for errors of the libraries.
    var sentence: String {
        let subject = subject ?? ""
        return switch kind {
        case .trust: "--locked refuses it. To trust the current file: toolhost trust \(subject.shellWord)"
        case .trustOrName:
            "Trust it: toolhost trust \(subject.shellWord) — or name it for one run: --plugins \(subject.shellWord)"
        case .grant: "To grant it: toolhost trust \(subject.shellWord)"
        case .release: "Replace the file, or load the same file again: toolhost doctor --release"
        case .choose: "Of these plugins, remove one, trust one, or name the file of one with --plugins."
        case .nameFile: "To use this one, name the file itself: --plugins \(subject.shellWord)"
        case .omitSamples: "{\"samples\": false} in the configuration turns the samples off."
        case .install: "Install the package \(subject): apt-get install \(subject)"
        case .reinstall: "Install toolhost again, or run plugins without protection: --in-process."
        case .raiseLimit: "Raise the limit \"\(subject)\" in the configuration."
        case .acceptPartialSandbox: "To run it with the protection that this kernel provides: --sandbox best-effort"
        default: "See toolhost doctor (\(kind))."
        }
    }
}

extension String {
    /// The message of an error, followed by its remedy.
    func with(_ remedy: Remedy?) -> String { remedy.map { "\(self) \($0.sentence)" } ?? self }
}

extension PluginReport {
    /// The remedies in the words of the command line.
    var remedySentences: [String] {
        remedies.map { remedy in
            guard case .ungranted(let lacking) = state, remedy.kind == .grant else { return remedy.sentence }
            let prefix = name.map { $0 + ":" } ?? ""
            let options = lacking.allowValues.map { "--allow " + (prefix + $0).shellWord }.joined(separator: " ")
            return "To grant it permanently: toolhost trust \(file.shellWord) — or for one run: \(options)"
        }
    }

    /// A reason followed by the remedies; those that end with a command come last, without a full stop, to be copied.
    func withRemedies(_ reason: String) -> String {
        let sentences = remedySentences
        let ordered = sentences.filter { $0.hasSuffix(".") } + sentences.filter { !$0.hasSuffix(".") }
        return ([reason] + ordered).joined(separator: " ")
    }

    /// The sentence about the permissions that the user has not granted.
    func ungrantedSentence(_ lacking: PluginPermissions) -> String {
        let keys = (access?.changedKeys ?? []).map { "\"\($0)\"" }.joined(separator: ", ")
        let change =
            if access?.wasTrusted == true {
                "It has changed since it was trusted, and"
            } else if !keys.isEmpty {
                "Its configured values (\(keys)) have changed since it was trusted, and it"
            } else {
                "It"
            }
        return "\(change) asks to \(lacking.phrases.joined(separator: ", to ")), so it is not offered."
    }
}

extension BindingError.Remedy {
    /// The remedy in the words of the command line, with a leading space, or an empty string.
    var sentence: String {
        switch self {
        case .installCompiler:
            " Install it: apt-get install clang — or add the bin directory of a Swift toolchain, which has one, to PATH."
        case .chooseHeader:
            " Name the right header with --header, the headers that it depends on with a --header before it (or a file of "
                + "your own with a #define), and their directory with -I. In Debian, headers are in packages with names "
                + "that end in -dev."
        default: choice.map { NearNames.question($0.name, among: $0.known) } ?? ""
        }
    }
}

extension AgentError {
    /// The message, followed by the remedy in the words of the command line, if there is one.
    var advisedMessage: String {
        switch remedy {
        case .startNewConversation?: "\(message) To start a new conversation, run toolhost chat again."
        default: message
        }
    }
}

extension HistoryError {
    /// The message, followed by the remedy in the words of the command line, if there is one.
    var advisedMessage: String {
        switch remedy {
        case .install(let package)?: "\(message) Install the package \(package): apt-get install \(package)"
        case .moveAway(let path)?:
            "\(message) To begin a new one, move it away: mv \(path.shellWord) \((path + ".damaged").shellWord)"
        case .run(let command)?: "\(message) To fix this: \(command)"
        case nil: message
        }
    }
}

extension OllamaError {
    /// The message, followed by the command that carries out the remedy, if there is one.
    var advisedMessage: String {
        let subject = remedy?.subject
        let command: String? =
            switch remedy?.kind {
            case .startServer?: "To start one, run `ollama serve`."
            case .pullModel?: "To download it, run `ollama pull \(subject?.shellWord ?? "MODEL")`."
            case .signIn? where subject == nil: "To sign in, run `ollama signin`."
            case .install?:
                subject.map { "To fix this, install the package \($0) or update it: `apt-get install \($0)`." }
            default: nil
            }
        return command.map { "\(message) \($0)" } ?? message
    }
}
