extension NativeFunction {
    /// Reads the text form: `pow(base: f64, exponent: f64) -> f64`.
    ///
    /// The result may be `owned text`, which the host gives to `free`, and how the function says that it failed may
    /// follow: `fails negative`, `fails nonzero`, `fails null`, `fails errno`.
    init(signature text: String) throws(NativeSignatureError) {
        var scanner = SignatureScanner(text)
        let symbol = try scanner.name("the function's name")
        try scanner.expect("(")
        var parameters: [Parameter] = []
        while !scanner.take(")") {
            if !parameters.isEmpty { try scanner.expect(",") }
            if scanner.take("...") {
                throw NativeSignatureError(
                    "\(symbol) takes a variable number of arguments, which cannot be called safely."
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
                throw NativeSignatureError("Only a text can be owned: \(symbol) returns another type.")
            }
            result.owner = isOwned ? .function("free") : nil
        }
        if scanner.take("fails") {
            let word = try scanner.name("negative, nonzero, null or errno")
            guard let failure = Failure(word) else {
                throw NativeSignatureError("\(symbol) fails \"\(word)\"; known are negative, nonzero, null and errno.")
            }
            result.failure = failure
        }
        try scanner.end()
        try self.init(symbol: symbol, parameters: parameters, result: result)
    }
}

extension NativeFunction.Failure {
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
    /// A type of a signature, or one without a name of its own in a binding.
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

/// Reads words and signs of a signature.
private struct SignatureScanner {
    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
        skipSpace()
    }

    private mutating func skipSpace() { rest = rest.drop { $0 == " " || $0 == "\n" || $0 == "\t" } }

    private var word: Substring { rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } }

    mutating func take(_ sign: String) -> Bool {
        let isWord = sign.first?.isLetter ?? false
        guard isWord ? word == sign[...] : rest.hasPrefix(sign) else { return false }
        rest = rest.dropFirst(sign.count)
        skipSpace()
        return true
    }

    mutating func expect(_ sign: String) throws(NativeSignatureError) {
        guard take(sign) else { throw fault("\"\(sign)\"") }
    }

    mutating func name(_ what: String) throws(NativeSignatureError) -> String {
        let name = word
        guard let first = name.first, !first.isNumber, name.count <= 64 else { throw fault(what) }
        rest = rest.dropFirst(name.count)
        skipSpace()
        return String(name)
    }

    mutating func type() throws(NativeSignatureError) -> NativeType {
        let name = try name("a type")
        guard let type = NativeType(name) else {
            let known = NativeScalar.allCases.map(\.rawValue) + ["text", "void"]
            throw NativeSignatureError(
                "\"\(name)\" is no type of the signature \"\(text.prefix(200))\"; known are "
                    + "\(known.joined(separator: ", "))."
            )
        }
        return type
    }

    func end() throws(NativeSignatureError) {
        guard rest.isEmpty else { throw fault("its end") }
    }

    private func fault(_ what: String) -> NativeSignatureError {
        let place = rest.isEmpty ? "at the end" : "before \"\(rest.prefix(20))\""
        return NativeSignatureError("The signature \"\(text.prefix(200))\" needs \(what) \(place).")
    }
}
