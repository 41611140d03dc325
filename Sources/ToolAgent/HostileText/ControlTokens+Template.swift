extension ControlTokens {
    /// The maximum number of tokens that are taken from a template, and the maximum length of the part that is read.
    private static let (maximumCount, maximumTemplate) = (64, 1 << 20)

    /// The common tokens, and those in the chat template of a model.
    ///
    /// A template has program text and instructions besides tokens. Only a text in angle brackets that has a `_`, a
    /// slash or only capitals counts as a token, and one of capitals in square brackets. So no plain word is a token.
    init(template: String) {
        var names: Set<String> = []
        var candidate = TokenCandidate()
        for scalar in template.unicodeScalars.prefix(Self.maximumTemplate) where names.count < Self.maximumCount {
            let folded = TokenCandidate.folded(scalar)
            if !candidate.isEmpty {
                switch candidate.add(scalar, folded) {
                case .open: continue
                case .complete:
                    if let name = Self.tokenName(candidate) { names.insert(name) }
                    candidate.clear()
                    continue
                case .broken: candidate.clear()
                }
            }
            _ = candidate.begin(scalar, folded)
        }
        self.init(additional: names)
    }

    /// Returns the name after its opening delimiter in lower case, or nil if it is a known token or a plain text.
    private static func tokenName(_ candidate: TokenCandidate) -> String? {
        let name = String(decoding: candidate.name, as: UTF8.self)
        let isASCII = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "_/:-.".utf8.contains(byte)
        }
        guard isASCII, name.utf8.count >= 3, name.contains(where: \.isLetter),
            !common.contain(candidate.name, after: candidate.opener)
        else { return nil }
        let isCapital = !name.contains(where: \.isLowercase)
        let isAngle = candidate.opener == UInt8(ascii: "<")
        guard isCapital || isAngle && (name.contains("_") || name.hasPrefix("/")) else { return nil }
        return (isAngle ? "<" : "[") + name.lowercased()
    }
}
