/// The decision about a text of the model that may be a call.
struct PrintedCallJudge {
    /// Returns true if a tool is offered.
    let isOffered: (String) -> Bool
    /// Returns true if a call fits the schema of its tool.
    let isValid: (PrintedCall) -> Bool

    /// The decisions.
    enum Decision: Equatable {
        /// The text is not a call.
        case text
        /// The text is these calls, which run.
        case run([PrintedCall])
        /// The text is or has a call that does not run, for a reason to tell the user.
        case refuse(String)
    }

    /// Decides about a text.
    ///
    /// - Parameters:
    ///   - text: The whole content of the message.
    ///   - sources: The results and documents that the model has read. They are read only if the text is a call.
    func decision(about text: String, sources: some Sequence<String>) -> Decision {
        guard text.utf8.count <= PrintedCallReader.maximumBytes else { return .text }
        guard let reading = PrintedCallReader.reading(of: text) else {
            guard let name = offeredName(inPartOf: text) else { return .text }
            return .refuse("The model's text has a call of \(name), which was not run. \(Self.advice)")
        }
        if let call = reading.calls.first(where: { !isOffered($0.name) }) {
            guard reading.isUnmistakable else { return .text }
            let name = String(call.name.unicodeScalars.prefix(80))
            return .refuse(
                "The model printed a call of \(name), which is not offered, so it was not run. \(Self.advice)"
            )
        }
        let name = reading.calls[0].name
        let search = QuotedCallSearch(text, reading.calls)
        guard !sources.contains(where: search.isQuoted) else {
            return .refuse(
                "The model printed a call of \(name) that also occurs in a result, a document or a prompt, so it was not "
                    + "run: the author of that text may want it. To run it, ask for it in your own words."
            )
        }
        if let call = reading.calls.first(where: { !isValid($0) }) {
            return .refuse(
                "The model printed a call of \(call.name) whose arguments do not fit the tool, so it was not run. "
                    + Self.advice
            )
        }
        return .run(reading.calls)
    }

    /// Returns the name of the first offered tool that is called in a part of a text.
    private func offeredName(inPartOf text: String) -> String? {
        for part in PrintedCallReader.parts(of: text) {
            let calls = PrintedCallReader.reading(of: part)?.calls ?? []
            if let call = calls.first(where: { isOffered($0.name) }) { return call.name }
        }
        return nil
    }

    private static let advice =
        "Models that print calls instead of making them are often too small, or their template does not support tools. "
        + "Ask again, or use another model."
}
