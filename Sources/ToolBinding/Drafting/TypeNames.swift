/// The names of C types in a binding, which are unique.
///
/// In C, a structure and a `typedef` may have the same name. A type may also be passed by value to one function and be
/// a handle of another.
struct TypeNames {
    private struct Use: Hashable {
        let name: String
        let kind: String
    }

    private var words: [Use: String] = [:]
    /// The names in use, and the types of the format.
    private var taken: Set<String> = [
        "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f32", "f64", "bool", "text", "bytes", "pointer", "void",
    ]

    private static let maximumLength = 64

    /// Returns the name that a type already has, or nil.
    ///
    /// - Parameters:
    ///   - name: The C name, such as `struct point`.
    ///   - kind: The use of the type: `value` or `handle`.
    func known(_ name: String, as kind: String) -> String? { words[Use(name: name, kind: kind)] }

    /// Chooses a name for a type.
    mutating func word(for name: String, as kind: String) throws(TypeDrafts.Unsupported) -> String {
        let base = name.withoutTag
        guard base.isIdentifier else {
            throw TypeDrafts.Unsupported(
                reason: "uses \(name), whose name has characters other than ASCII letters, digits and underscores"
            )
        }
        let candidates = [base, kind == "handle" ? "\(base)_handle" : "c_\(base)"] + (2...9).map { "\(base)_\($0)" }
        guard let word = candidates.first(where: { !taken.contains($0) && $0.utf8.count <= Self.maximumLength }) else {
            throw TypeDrafts.Unsupported(reason: "uses \(name), whose name is too long")
        }
        words[Use(name: name, kind: kind)] = word
        taken.insert(word)
        return word
    }

    /// Removes the name of a type.
    mutating func forget(_ name: String, as kind: String) {
        if let word = words.removeValue(forKey: Use(name: name, kind: kind)) { taken.remove(word) }
    }
}

extension String {
    /// The name of a structure or enumeration without its keyword.
    var withoutTag: String { split(separator: " ").last.map(String.init) ?? self }

    /// True for a name of ASCII letters, digits and underscores that does not begin with a digit.
    var isIdentifier: Bool {
        let isLetter = { (byte: UInt8) in UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || byte == 0x5F }
        guard let first = utf8.first, isLetter(first) else { return false }
        return utf8.allSatisfy { isLetter($0) || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }
}
