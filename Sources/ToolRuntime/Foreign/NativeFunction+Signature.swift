extension NativeFunction {
    /// Parses a signature, such as `pow(base: f64, exponent: f64) -> f64`.
    ///
    /// The result can be `owned text`, which the host passes to `free`. The condition of a failure can follow:
    /// `fails negative`, `fails nonzero`, `fails null` or `fails errno`.
    ///
    /// - Throws: ``NativeSignatureError`` if the signature is invalid.
    init(signature: String) throws(NativeSignatureError) {
        var scanner = SignatureScanner(signature)
        let symbol = try scanner.name("the function's name")
        try scanner.expect("(")
        var parameters: [Parameter] = []
        while !scanner.take(")") {
            if !parameters.isEmpty { try scanner.expect(",") }
            if scanner.take("...") {
                throw NativeSignatureError(
                    "\(symbol) has a variable number of arguments, so it cannot be called safely."
                )
            }
            let name = try scanner.name("a parameter's name")
            try scanner.expect(":")
            parameters.append(Parameter(name: name, type: try scanner.type()))
        }
        var result = Result()
        if scanner.take("->") {
            let isOwned = scanner.take("owned")
            result.type = try scanner.type()
            guard !isOwned || result.type == .text else {
                throw NativeSignatureError("Only text can be owned, but \(symbol) returns another type.")
            }
            result.owner = isOwned ? .function("free") : nil
        }
        if scanner.take("fails") {
            let word = try scanner.name("negative, nonzero, null or errno")
            guard let failure = Failure(word) else {
                throw NativeSignatureError(
                    "\(symbol) fails \"\(word)\", which is unknown; known are negative, nonzero, null and errno."
                )
            }
            result.failure = failure
        }
        try scanner.end()
        try self.init(symbol: symbol, parameters: parameters, result: result)
    }
}

extension NativeFunction.Failure {
    /// Returns nil for an unknown word.
    init?(_ word: String) {
        switch word {
        case "negative": self = .negative
        case "nonzero": self = .nonzero
        case "null": self = .null
        case "errno": self = .errno
        default: return nil
        }
    }
}

extension NativeType {
    /// Returns a type of a signature, or nil if no built-in type of signatures has the name.
    init?(_ word: String) {
        switch word {
        case "void": self = .void
        case "text": self = .text
        default:
            guard let scalar = NativeScalar(rawValue: word) else { return nil }
            self = .scalar(scalar)
        }
    }
}

/// A scanner of the words and symbols of a signature.
private struct SignatureScanner {
    private let signature: String
    private var rest: Substring

    init(_ signature: String) {
        self.signature = signature
        rest = signature[...]
        skipSpace()
    }

    private mutating func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" } }

    private var word: Substring { rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } }

    /// Consumes a word or symbol if it is next.
    mutating func take(_ token: String) -> Bool {
        let isWord = token.first?.isLetter ?? false
        guard isWord ? word == token[...] : rest.hasPrefix(token) else { return false }
        rest = rest.dropFirst(token.count)
        skipSpace()
        return true
    }

    mutating func expect(_ token: String) throws(NativeSignatureError) {
        guard take(token) else { throw error(expecting: "\"\(token)\"") }
    }

    /// Consumes a name, which an error describes as given.
    mutating func name(_ description: String) throws(NativeSignatureError) -> String {
        let name = word
        guard let first = name.first, !first.isNumber, name.count <= 64 else { throw error(expecting: description) }
        rest = rest.dropFirst(name.count)
        skipSpace()
        return String(name)
    }

    mutating func type() throws(NativeSignatureError) -> NativeType {
        let name = try name("a type")
        guard let type = NativeType(name) else {
            let known = NativeScalar.allCases.map(\.rawValue) + ["text", "void"]
            throw NativeSignatureError(
                "\"\(name)\" in the signature \"\(signature.prefix(200))\" is not a type; known are "
                    + "\(known.joined(separator: ", "))."
            )
        }
        return type
    }

    func end() throws(NativeSignatureError) {
        guard rest.isEmpty else { throw error(expecting: "its end") }
    }

    private func error(expecting description: String) -> NativeSignatureError {
        let place = rest.isEmpty ? "at the end" : "before \"\(rest.prefix(20))\""
        return NativeSignatureError("The signature \"\(signature.prefix(200))\" needs \(description) \(place).")
    }
}
