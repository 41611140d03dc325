import ToolJSON

/// A JSON object of a binding, with its path for errors.
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

    private func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Returns an error about a member, from a predicate such as "must be an integer".
    func fault(_ key: String, _ predicate: String) -> NativeSignatureError {
        NativeSignatureError("\(path(of: key)) \(predicate).")
    }

    /// Returns an error about an unknown name, with the name that was probably intended.
    func fault(
        unknown key: String,
        _ predicate: String,
        _ name: String,
        among names: some Sequence<String>
    ) -> NativeSignatureError {
        NativeSignatureError(fault(key, predicate).message + NearNames.question(name, among: names))
    }

    /// Rejects unknown keys, because a misspelt key would have no effect.
    func allow(_ keys: [String]) throws(NativeSignatureError) {
        if let (key, words) = NearNames.unknownKey(in: members, known: keys, isDocument: path.isEmpty) {
            throw NativeSignatureError("\(path(of: key)) is unknown here; \(words)")
        }
    }

    /// Returns the value of a required member.
    func required(_ key: String) throws(NativeSignatureError) -> JSON {
        guard let value = members[key] else { throw fault(key, "is missing") }
        return value
    }

    /// Returns a required string.
    func string(_ key: String) throws(NativeSignatureError) -> String {
        guard let string = try required(key).string else { throw fault(key, "must be a string") }
        return string
    }

    /// Returns a string, or the default if it is missing.
    func string(_ key: String, default value: String) throws(NativeSignatureError) -> String {
        members[key] == nil ? value : try string(key)
    }

    /// Returns a Boolean, or false if it is missing.
    func flag(_ key: String) throws(NativeSignatureError) -> Bool {
        guard let flag = (members[key] ?? false).bool else { throw fault(key, "must be true or false") }
        return flag
    }

    /// Converts the value of a member to an integer.
    func integer(_ value: JSON?, _ key: String) throws(NativeSignatureError) -> Int {
        guard let integer = value?.int else { throw fault(key, "must be an integer") }
        return integer
    }

    /// Returns a required object.
    func object(_ key: String) throws(NativeSignatureError) -> BindingObject {
        try BindingObject(try required(key), path(of: key))
    }

    /// Returns the elements of an array, or none if it is missing.
    func values(_ key: String) throws(NativeSignatureError) -> [JSON] {
        guard let values = (members[key] ?? []).array else { throw fault(key, "must be an array") }
        return values
    }

    /// Returns the objects of an array, or none if it is missing.
    func objects(_ key: String) throws(NativeSignatureError) -> [BindingObject] {
        var objects: [BindingObject] = []
        for (index, value) in try values(key).enumerated() {
            objects.append(try BindingObject(value, "\(path(of: key))[\(index)]"))
        }
        return objects
    }

    /// Returns the strings of a required array.
    func strings(_ key: String) throws(NativeSignatureError) -> [String] {
        let strings = try required(key).array?.map(\.string) ?? [nil]
        guard strings.allSatisfy({ $0 != nil }) else { throw fault(key, "must be an array of strings") }
        return strings.compactMap(\.self)
    }

    /// Returns the decisions that a person still has to make.
    func questions() throws(NativeSignatureError) -> [String] {
        self["undecided"] == nil ? [] : try strings("undecided")
    }

    /// Returns a required C identifier.
    func symbol(_ key: String) throws(NativeSignatureError) -> String {
        let name = try string(key)
        guard name.isSymbol else { throw fault(key, "must be a C identifier") }
        return name
    }
}

extension String {
    /// True if the string has the characters of a C identifier.
    var isSymbol: Bool {
        !isEmpty && utf8.count <= 256
            && utf8.allSatisfy { byte in
                let isLetter = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
                return isLetter || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
            }
    }
}
