import ToolJSON

/// Parses any bytes: a parsed value must survive writing, and every way to parse it must give the same value.
@c(LLVMFuzzerTestOneInput)
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    do throws(JSONError) {
        let value = try JSON(parsing: bytes)
        checkDocument(of: bytes, value)
        precondition(JSON.isValid(Array(bytes)), "validation rejects a text that the parser accepts")
        checkOffset(of: bytes, value)
        checkLongText(of: bytes, value)
        checkWriting(of: value)
        checkLimits(of: value)
        checkContents(of: value)
    } catch {
        precondition(0...count ~= error.offset, "the offset of an error is outside the text")
        // The parser limits the number of values; validation stores none.
        let isValid = JSON.isValid(Array(bytes))
        precondition(!isValid || error.code == .limitExceeded, "validation accepts a text that the parser rejects")
        do throws(JSONError) {
            _ = try JSONDocument(parsing: bytes)
            preconditionFailure("a document accepts a text that a value rejects")
        } catch let other {
            precondition(error == other, "a document and a value have different errors")
        }
    }
    return 0
}

private func checkDocument(of bytes: UnsafeBufferPointer<UInt8>, _ value: JSON) {
    guard let document = try? JSONDocument(parsing: bytes) else {
        preconditionFailure("a document rejects a text that a value accepts")
    }
    precondition(document.value == value, "a document has another value")
    precondition(document.value.bytes() == value.bytes(), "a document is written differently")
    precondition(document.repeatedNames.count <= 16, "too many repeated names are reported")
    for pointer in document.repeatedNames {
        precondition(pointer.utf8.first == UInt8(ascii: "/"), "a repeated name has no pointer")
        _ = value[pointer: pointer]
    }
}

/// Parses and validates the text between spaces, so that the bytes that are read together are others.
private func checkOffset(of bytes: UnsafeBufferPointer<UInt8>, _ value: JSON) {
    let padding = Array(repeating: UInt8(ascii: " "), count: 1 + bytes.count % 15)
    let text = padding + bytes + padding
    precondition(JSON.isValid(text), "validation rejects a text between spaces")
    precondition((try? JSON(parsing: text))?.bytes() == value.bytes(), "a text between spaces has another value")
}

/// Parses the text twice in one long array, so that the parser finds all names of the second copy in its table.
private func checkLongText(of bytes: UnsafeBufferPointer<UInt8>, _ value: JSON) {
    let padding = Array(repeating: UInt8(ascii: " "), count: 4096)
    let text = padding + [UInt8(ascii: "[")] + bytes + [UInt8(ascii: ",")] + bytes + [UInt8(ascii: "]")]
    let long = try? JSON(parsing: text, limits: JSONLimits(depth: 129, values: 3 << 20))
    guard let elements = long?.array, elements.count == 2 else { preconditionFailure("a long text is rejected") }
    for element in elements { precondition(element.bytes() == value.bytes(), "a long text has another value") }
}

private func checkWriting(of value: JSON) {
    for style in [JSONStyle.compact, .pretty] {
        let written = value.bytes(style)
        guard let again = try? JSONDocument(parsing: written) else {
            preconditionFailure("a written value cannot be parsed")
        }
        precondition(again.repeatedNames.isEmpty, "a name was written twice")
        precondition(again.value == value, "another value was written")
        precondition(again.value.hashValue == value.hashValue, "equal values have different hashes")
        precondition(again.value.bytes(style) == written, "writing is not stable")
    }
}

private func checkLimits(of value: JSON) {
    let written = value.bytes()
    precondition(value.byteCount(upTo: .max) == written.count, "the length of a text is wrong")
    for limit in [written.count, written.count + 1, .max] {
        precondition(value.bytes(upTo: limit) == written, "a text within the limit is rejected")
    }
    for limit in [written.count - 1, written.count / 2] {
        precondition(value.bytes(upTo: limit) == nil, "a text beyond the limit is accepted")
    }
}

// MARK: - Values inside

/// Some of the values inside a value, each with its pointer.
private struct Contents {
    private(set) var parts: [(pointer: String, value: JSON)] = []

    /// The maximum number of values.
    ///
    /// All pairs are compared, so the time grows with the square.
    private static let limit = 48

    init(of value: JSON) {
        collect(value, at: "")
    }

    private mutating func collect(_ value: JSON, at pointer: String) {
        guard parts.count < Self.limit else { return }
        parts.append((pointer, value))
        switch value {
        case .array(let elements):
            for (index, element) in elements.prefix(Self.limit).enumerated() {
                collect(element, at: "\(pointer)/\(index)")
            }
        case .object(let members):
            for (key, member) in members.prefix(Self.limit) {
                collect(member, at: pointer + "/" + Self.escaped(key))
            }
        default: break
        }
    }

    private static func escaped(_ key: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": text.append(contentsOf: "~0".unicodeScalars)
            case "/": text.append(contentsOf: "~1".unicodeScalars)
            default: text.append(scalar)
            }
        }
        return String(text)
    }
}

private func checkContents(of value: JSON) {
    let parts = Contents(of: value).parts
    for part in parts {
        precondition(value[pointer: part.pointer] == part.value, "a pointer resolves to another value")
        // Any string can be used as a pointer.
        if let text = part.value.string { _ = value[pointer: text] }
    }
    let numbers = parts.compactMap(\.value.number)
    for number in numbers {
        check(number)
        for other in numbers { check(number, with: other) }
    }
}

private func check(_ number: JSONNumber) {
    precondition(JSONNumber(literal: number.literal) == number, "a number differs from its literal")
    precondition(number.double.bitPattern == Double(number.literal)?.bitPattern, "a number has another nearest double")
    precondition(!number.isPlainInteger || number.isInteger, "an integer has a fraction")
    if let integer = number.int64 {
        precondition(number.isInteger, "a fraction has an integer value")
        precondition(JSONNumber(integer) == number, "a number is not its integer value")
    }
    if number > JSONNumber(0), let isMultiple = number.isMultiple(of: number) {
        precondition(isMultiple, "a number is not a multiple of itself")
    }
}

private func check(_ number: JSONNumber, with other: JSONNumber) {
    let relations = [number < other, number == other, number > other]
    precondition(relations.count { $0 } == 1, "two numbers are not exactly one of less, equal and greater")
    if relations[0] { precondition(number.double <= other.double, "the nearest doubles have the opposite order") }
    if relations[1] {
        precondition(number.hashValue == other.hashValue, "equal numbers have different hashes")
        precondition(number.int64 == other.int64, "equal numbers have different integer values")
        precondition(number.double == other.double, "equal numbers have different nearest doubles")
    }
    if number.isMultiple(of: other) == true, other.isInteger {
        precondition(number.isInteger, "a fraction is a multiple of an integer")
    }
}
