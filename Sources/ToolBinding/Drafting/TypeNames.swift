/// How a binding calls the types of C, which has more names than one for the same word: a structure and a `typedef` may
/// share one, and so may what is passed by value here and as a handle there.
struct TypeNames {
    private struct Use: Hashable {
        let name: String
        let kind: String
    }

    private var words: [Use: String] = [:]
    /// Those of the format itself mean something already.
    private var taken: Set<String> = [
        "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool", "text", "bytes", "pointer", "void",
    ]

    private static let maximumLength = 64

    /// The word that a type has already.
    ///
    /// - Parameters:
    ///   - name: The C name: `struct point`.
    ///   - kind: What it is used as.
    func known(_ name: String, as kind: String) -> String? { words[Use(name: name, kind: kind)] }

    /// Finds a word for a type that has none yet.
    mutating func word(for name: String, as kind: String) throws(TypeDrafts.Unknown) -> String {
        let base = name.withoutTag
        guard base.isIdentifier else {
            throw TypeDrafts.Unknown(
                reason: "has \(name), whose name is not made of ASCII letters, digits and underscores"
            )
        }
        let candidates = [base, kind == "handle" ? "\(base)_handle" : "c_\(base)"] + (2...9).map { "\(base)_\($0)" }
        guard let word = candidates.first(where: { !taken.contains($0) && $0.utf8.count <= Self.maximumLength }) else {
            throw TypeDrafts.Unknown(reason: "has \(name), whose name is too long")
        }
        words[Use(name: name, kind: kind)] = word
        taken.insert(word)
        return word
    }

    /// Gives a word free again.
    mutating func forget(_ name: String, as kind: String) {
        if let word = words.removeValue(forKey: Use(name: name, kind: kind)) { taken.remove(word) }
    }
}

extension String {
    /// The name of a structure or enumeration without the word before it.
    var withoutTag: String { split(separator: " ").last.map(String.init) ?? self }

    /// Whether every language and every model can write it as a name.
    var isIdentifier: Bool {
        let isLetter = { (byte: UInt8) in UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == 0x5F }
        guard let first = utf8.first, isLetter(first) else { return false }
        return utf8.allSatisfy { isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
