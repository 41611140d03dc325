extension JSON {
    /// The value at a JSON pointer (RFC 6901), such as `/filters/0/name`.
    ///
    /// The empty pointer denotes the whole value. The result is nil if the pointer is malformed or denotes no value.
    public subscript(pointer pointer: String) -> JSON? {
        if pointer.isEmpty { return self }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var value = self
        // Without an array of the tokens: plugins ask for each argument by a pointer.
        var rest: Substring.UTF8View? = pointer.utf8.dropFirst()
        while let names = rest {
            let end = names.firstIndex(of: UInt8(ascii: "/"))
            let token = String(Substring(names[..<(end ?? names.endIndex)]))
            rest = end.map { names[$0...].dropFirst() }
            switch value {
            case .object(let members):
                guard let key = JSONPointer.unescaped(token), let member = members[key] else { return nil }
                value = member
            case .array(let elements):
                guard let index = arrayIndex(token), index < elements.count else { return nil }
                value = elements[index]
            default:
                return nil
            }
        }
        return value
    }

    /// Returns the index that a token denotes.
    ///
    /// RFC 6901 allows neither signs nor leading zeros, as in `+1` and `01`.
    private func arrayIndex(_ token: String) -> Int? {
        guard token == "0" || token.utf8.first != UInt8(ascii: "0"),
            token.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        return Int(token)
    }
}
