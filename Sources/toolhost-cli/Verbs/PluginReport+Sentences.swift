import ToolHost

extension PluginReport {
    /// The problems of the plugin that keep its tools from being checked or tested, in sentences.
    var testProblems: [String] {
        switch obstacle {
        case .broken, .quarantined, .contested: [obstacleSentence ?? ""]
        case nil where isIncomplete: problems + remedySentences
        case .withheld, .shadowed, nil: []
        }
    }

    /// The reason why it offers no tools, with the remedy; nil if it is loaded.
    var obstacleSentence: String? {
        switch state {
        case .loaded: nil
        case .shadowed(let winner):
            withRemedies((problems + notes.map(\.sentence)).first ?? "\(winner) has the same plugin name.")
        case .ungranted(let lacking): withRemedies(ungrantedSentence(lacking))
        case .broken(let error): withRemedies(error.message)
        case .contested(let reason): withRemedies(reason)
        }
    }
}
