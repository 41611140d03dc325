/// The format of URI templates of any level (RFC 6570, section 2).
enum URITemplateFormat {
    static func accepts(_ text: FormatText) -> Bool {
        var text = text
        while let scalar = text.first {
            switch scalar {
            case "{":
                text.removeFirst()
                guard takeExpression(&text) else { return false }
            case "%":
                guard text.takePercentEncoding() else { return false }
            default:
                guard isLiteral(scalar) else { return false }
                text.removeFirst()
            }
        }
        return true
    }

    /// Returns true for a literal.
    ///
    /// The apostrophe is one, although the printed grammar omits it (erratum 6937).
    private static func isLiteral(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\"", "<", ">", "\\", "^", "`", "|", "}": false
        default: "!"..."~" ~= scalar || scalar.isIRICharacter || scalar.isIRIPrivate
        }
    }

    /// Consumes the rest of an expression: an operator, some of which are reserved, and comma-separated variables.
    private static func takeExpression(_ text: inout FormatText) -> Bool {
        _ = text.take(anyOf: "+", "#", ".", "/", ";", "?", "&", "=", ",", "!", "@", "|")
        repeat {
            guard takeVariable(&text) else { return false }
        } while text.take(",")
        return text.take("}")
    }

    /// Consumes a name, whose dots must separate other characters, and its modifier.
    private static func takeVariable(_ text: inout FormatText) -> Bool {
        repeat {
            guard takeNamePart(&text) else { return false }
        } while text.take(".")
        if text.take("*") { return true }
        guard text.take(":") else { return true }
        let length = text.take(while: \.isASCIIDigit)
        return 1...4 ~= length.prefix(5).count && length.first != "0"
    }

    private static func takeNamePart(_ text: inout FormatText) -> Bool {
        var isEmpty = true
        while let scalar = text.first {
            if scalar == "%" {
                guard text.takePercentEncoding() else { return false }
            } else {
                guard scalar.isASCIILetter || scalar.isASCIIDigit || scalar == "_" else { break }
                text.removeFirst()
            }
            isEmpty = false
        }
        return !isEmpty
    }
}
