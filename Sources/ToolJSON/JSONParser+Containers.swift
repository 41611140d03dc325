// MARK: - Arrays and objects

extension JSONParser {
    mutating func array(keeping limit: Int = .max) throws(JSONError) -> [JSON] {
        try open()
        defer { close() }
        if take("]") { return [] }
        let base = elements.count
        repeat {
            guard elements.count - base < limit else {
                omitted[depth - 1] = try skipElements()
                break
            }
            let repeated = repeatedNames.count
            elements.push(try value())
            if repeatedNames.count > repeated {
                repeatedNames.ascend(to: String(elements.count - base - 1), since: repeated)
            }
        } while try !endsContainer("]")
        return elements.pop(from: base)
    }

    mutating func object() throws(JSONError) -> JSONObject {
        try open()
        defer { close() }
        if take("}") { return JSONObject() }
        var unique = JSONUniqueNames(base: members.count)
        let outer = repeatedNames.count
        repeat {
            guard next == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
            let (key, identity) = try name()
            try takeColon()
            let repeated = repeatedNames.count
            let value = depth <= excerpt.depth && key == excerpt.name ? try excerpted() : try value()
            if repeatedNames.count > repeated { repeatedNames.ascend(to: key, since: repeated) }
            if let position = unique.insert(key, identity, in: members) {
                members[position].value = value
                repeatedNames.insert(key, since: outer)
            } else {
                members.push(JSONObject.Entry(key: key, value: value))
            }
        } while try !endsContainer("}")
        return JSONObject(unique: members.pop(from: unique.base), index: unique.index)
    }

    /// Parses a value.
    ///
    /// If it is an array, only the beginning is kept.
    private mutating func excerpted() throws(JSONError) -> JSON {
        // If objects of the same depth repeat a name, the last value wins.
        omitted[depth] = nil
        return next == UInt8(ascii: "[") ? .array(try array(keeping: excerpt.limit)) : try value()
    }
}
