import ToolJSON

/// A JSON object of a binding, which knows where it stands.
struct BindingObject {
    let members: JSONObject
    private let path: String

    init(_ value: JSON, _ path: String) throws(NativeSignatureError) {
        guard let members = value.object else {
            throw NativeSignatureError("\(path.isEmpty ? "It" : path) must be an object.")
        }
        (self.members, self.path) = (members, path)
    }

    subscript(key: String) -> JSON? { members[key] }

    private func place(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func fault(_ key: String, _ sentence: String) -> NativeSignatureError {
        NativeSignatureError("\(place(key)) \(sentence).")
    }

    /// A fault about a name that does not exist, with a question about the one that was probably meant.
    func fault(
        unknown key: String,
        _ sentence: String,
        _ name: String,
        among names: some Sequence<String>
    ) -> NativeSignatureError {
        NativeSignatureError(fault(key, sentence).sentence + NearNames.question(name, among: names))
    }

    /// Refuses keys that are not known here, because a misspelt key would have no effect.
    func allow(_ keys: [String]) throws(NativeSignatureError) {
        if let (key, words) = NearNames.unknownKey(in: members, known: keys, isDocument: path.isEmpty) {
            throw NativeSignatureError("\(place(key)) is unknown here; \(words)")
        }
    }

    func required(_ key: String) throws(NativeSignatureError) -> JSON {
        guard let value = members[key] else { throw fault(key, "is missing") }
        return value
    }

    func text(_ key: String) throws(NativeSignatureError) -> String {
        guard let text = try required(key).string else { throw fault(key, "must be a text") }
        return text
    }

    func text(_ key: String, default value: String) throws(NativeSignatureError) -> String {
        members[key] == nil ? value : try text(key)
    }

    func flag(_ key: String) throws(NativeSignatureError) -> Bool {
        guard let flag = (members[key] ?? false).bool else { throw fault(key, "must be true or false") }
        return flag
    }

    func integer(_ value: JSON?, _ key: String) throws(NativeSignatureError) -> Int {
        guard let integer = value?.int else { throw fault(key, "must be an integer") }
        return integer
    }

    func object(_ key: String) throws(NativeSignatureError) -> BindingObject {
        try BindingObject(try required(key), place(key))
    }

    /// The elements of an array; none where it is missing.
    func values(_ key: String) throws(NativeSignatureError) -> [JSON] {
        guard let values = (members[key] ?? []).array else { throw fault(key, "must be an array") }
        return values
    }

    func objects(_ key: String) throws(NativeSignatureError) -> [BindingObject] {
        var objects: [BindingObject] = []
        for (index, value) in try values(key).enumerated() {
            objects.append(try BindingObject(value, "\(place(key))[\(index)]"))
        }
        return objects
    }

    func texts(_ key: String) throws(NativeSignatureError) -> [String] {
        let texts = try required(key).array?.map(\.string) ?? [nil]
        guard texts.allSatisfy({ $0 != nil }) else { throw fault(key, "must be an array of texts") }
        return texts.compactMap(\.self)
    }

    /// What a person has still to decide.
    func questions() throws(NativeSignatureError) -> [String] {
        self["undecided"] == nil ? [] : try texts("undecided")
    }

    /// A name as C has them.
    func symbol(_ key: String) throws(NativeSignatureError) -> String {
        let name = try text(key)
        guard name.isSymbol else { throw fault(key, "must be a name as C has them") }
        return name
    }
}

extension String {
    /// Whether it is a name as C has them.
    var isSymbol: Bool {
        !isEmpty && utf8.count <= 256
            && utf8.allSatisfy { byte in
                let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                return isLetter || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
            }
    }
}
