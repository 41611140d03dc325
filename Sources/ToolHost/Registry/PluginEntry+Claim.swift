import ToolRuntime

extension PluginEntry {
    /// The names that it offers, or those that are reserved for it.
    var claimedTools: [String] { tools.isEmpty ? reserved : tools.map(\.name) }

    func offers(_ name: String) -> Bool { tools.contains { $0.name == name } }

    /// The weight of its claim to a name: first a file that was named for this run, then a file that the user trusts,
    /// then the other files of a directory that was named, of the user's directories, and of the installation.
    ///
    /// An untrusted file cannot take a name from a trusted one, even in a directory that was named. Of two trusted
    /// files the one that was trusted later has the better claim, so trusting a plugin never costs a tool. Trust gives
    /// an installed sample no better claim, because the installation may have granted it without the user.
    var claim: Int {
        let place = (naming > .none ? 2 : 0) + (naming == .installed ? 0 : 1)
        let rank = (naming == .file ? 8 : 0) + (isTrusted ? 4 : 0) + place
        // Dates in lock files are at most 1 << 40.
        return rank << 41 + (isTrusted ? trustDate ?? 0 : 0)
    }

    private var isTrusted: Bool { naming != .installed && trustDate != nil }

    /// Records that a plugin of the same name has the better claim to it.
    mutating func lose(to winner: PluginEntry) {
        let rival = winner.report.file
        report.state = .shadowed(by: rival)
        report.problems = []
        reserved = []
        report.remedies = [
            naming == .file ? .choose : naming == .installed ? .omitSamples : .nameFile(report.file)
        ]
        let reason =
            winner.naming == .file && naming < .file
            ? "was itself named"
            : !isTrusted
                ? "is trusted"
                : winner.naming > naming ? "lies in a directory that was named" : "was trusted later"
        if naming == .installed {
            note("Is not offered: \(rival) has the same plugin name, and \(Self.precedence).")
        } else if naming > .none {
            let subject = naming == .file ? "it" : "its directory"
            report.problems = [
                "Is not offered, though \(subject) was named: \(rival) has the same name and \(reason)."
            ]
        } else if isTrusted {
            note("Is not offered: \(rival) has the same plugin name and \(reason).")
        }
    }

    private mutating func note(_ sentence: String, _ names: [String]? = nil) {
        let names = names ?? report.unofferedTools.keys.sorted()
        report.notes.append(PluginReport.Note(sentence: sentence, tools: names))
    }

    /// Records that the tools of an installed sample are not offered because this plugin has others of the same names.
    mutating func replace(_ names: [String], _ file: String) {
        for index in tools.indices where names.contains(tools[index].name) { tools[index].replacedFiles.append(file) }
    }

    /// Notes that the user's plugin replaces tools of this installed sample.
    mutating func noteReplacement(of names: [String], by winner: PluginEntry) {
        noteOffer(of: names, from: winner.report.file, "because \(Self.precedence)")
        report.add(.omitSamples)
    }

    /// Notes that another file offers tools of these names.
    mutating func noteOffer(of names: [String], from file: String, _ reason: String) {
        let verb = names.count == 1 ? "is" : "are"
        note("\(names.joined(separator: ", ")) \(verb) offered from \(file) instead, \(reason).", names)
    }

    private static let precedence = "the user's plugins come before the installed samples"
}
