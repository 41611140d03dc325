extension JSON {
    /// The value that a JSON pointer (RFC 6901) names: `/filters/0/name`, or the whole for the empty pointer.
    ///
    /// - Returns: `nil` where nothing is there or the pointer is malformed.
    public subscript(pointer pointer: String) -> JSON? {
        if pointer.isEmpty { return self }
        guard pointer.utf8.first == UInt8(ascii: "/") else { return nil }
        var value = self
        for token in JSONPointer.tokens(of: pointer) {
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

    /// Digits alone, without leading zeros: `01` and `+1` name no element.
    private func arrayIndex(_ token: String) -> Int? {
        guard token == "0" || token.utf8.first != UInt8(ascii: "0"),
            token.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 })
        else { return nil }
        return Int(token)
    }
}
