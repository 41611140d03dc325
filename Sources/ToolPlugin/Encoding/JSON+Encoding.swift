public import ToolJSON

extension JSON {
    /// Encodes a value as JSON.
    ///
    /// Members keep the order in which the value encodes them. Numbers, strings and the types of
    /// `ToolPluginFoundation`, such as dates and URLs, have the same format as in arguments. The members
    /// of a dictionary are sorted by name and the elements of a set by their text, because their order
    /// differs between processes.
    ///
    /// - Throws: `EncodingError` if JSON cannot represent the value, or the error that the value throws.
    public init(encoding value: some Encodable) throws {
        self = try JSONEncoding.encode(value, at: [])
    }
}

/// The destination of an encoder: empty, a value, an array or an object.
private final class JSONTarget {
    enum Content {
        case value(JSON)
        case array([JSONTarget])
        case object([(String, JSONTarget)])
    }

    var content: Content?

    init(_ content: Content? = nil) { self.content = content }

    func append(_ element: JSONTarget) {
        guard case .array(var elements)? = content else { return }
        // Without this second reference, appending does not copy the array.
        content = nil
        elements.append(element)
        content = .array(elements)
    }

    func set(_ member: JSONTarget, for name: String) {
        guard case .object(var members)? = content else { return }
        content = nil
        if let index = members.firstIndex(where: { $0.0 == name }) {
            members[index].1 = member
        } else {
            members.append((name, member))
        }
        content = .object(members)
    }

    var count: Int {
        if case .array(let elements)? = content { elements.count } else { 0 }
    }

    var json: JSON {
        switch content {
        case nil: [:]
        case .value(let value)?: value
        case .array(let elements)?: .array(elements.map(\.json))
        case .object(let members)?: .object(JSONObject(members.map { ($0.0, $0.1.json) }))
        }
    }
}

/// A collection whose order differs between processes.
private protocol UnorderedCollection {
    /// Returns the encoded collection in the same order in every process.
    func sorted(_ json: JSON) -> JSON
}

extension Set: UnorderedCollection {
    func sorted(_ json: JSON) -> JSON { .array(json.sortedGroups(of: 1)) }
}

extension Dictionary: UnorderedCollection {
    func sorted(_ json: JSON) -> JSON {
        if let members = json.object {
            return .object(JSONObject(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }))
        }
        // Keys that cannot be names: an array in which each key precedes its value.
        return .array(json.sortedGroups(of: 2))
    }
}

extension JSON {
    /// Returns the elements of an array in groups of `size`, sorted by the text of each first element.
    fileprivate func sortedGroups(of size: Int) -> [JSON] {
        let elements = array ?? []
        return stride(from: 0, to: elements.count, by: size)
            .map { (elements[$0].text(), elements[$0..<min($0 + size, elements.count)]) }
            .sorted { $0.0 < $1.0 }.flatMap { $0.1 }
    }
}

private struct JSONEncoding: Encoder {
    let target: JSONTarget
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    static func encode(_ value: some Encodable, at path: [any CodingKey]) throws -> JSON {
        if let scalar = value as? any ToolScalar {
            let json = scalar.toolValue
            if json.isNull {
                let context = EncodingError.Context(
                    codingPath: path,
                    debugDescription: "JSON has no form for \(value)."
                )
                throw EncodingError.invalidValue(value, context)
            }
            return json
        }
        let target = JSONTarget()
        try value.encode(to: JSONEncoding(target: target, codingPath: path))
        if let unordered = value as? any UnorderedCollection { return unordered.sorted(target.json) }
        return target.json
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if target.content == nil { target.content = .object([]) }
        return KeyedEncodingContainer(JSONKeyedContainer<Key>(target: target, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if target.content == nil { target.content = .array([]) }
        return JSONUnkeyedContainer(target: target, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        JSONSingleContainer(target: target, codingPath: codingPath)
    }
}

private struct JSONKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let target: JSONTarget
    let codingPath: [any CodingKey]

    func encodeNil(forKey key: Key) { target.set(JSONTarget(.value(.null)), for: key.stringValue) }

    func encode(_ value: some Encodable, forKey key: Key) throws {
        let json = try JSONEncoding.encode(value, at: codingPath + [key])
        target.set(JSONTarget(.value(json)), for: key.stringValue)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        nested(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { nested(key).unkeyedContainer() }

    func superEncoder() -> any Encoder { nested(SuperKey()) }

    func superEncoder(forKey key: Key) -> any Encoder { nested(key) }

    private func nested(_ key: some CodingKey) -> JSONEncoding {
        let member = JSONTarget()
        target.set(member, for: key.stringValue)
        return JSONEncoding(target: member, codingPath: codingPath + [key])
    }
}

private struct JSONUnkeyedContainer: UnkeyedEncodingContainer {
    let target: JSONTarget
    let codingPath: [any CodingKey]

    var count: Int { target.count }

    func encodeNil() { target.append(JSONTarget(.value(.null))) }

    func encode(_ value: some Encodable) throws {
        target.append(JSONTarget(.value(try JSONEncoding.encode(value, at: codingPath + [IndexKey(count)]))))
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        nested().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { nested().unkeyedContainer() }

    func superEncoder() -> any Encoder { nested() }

    private func nested() -> JSONEncoding {
        let element = JSONTarget()
        let path = codingPath + [IndexKey(count)]
        target.append(element)
        return JSONEncoding(target: element, codingPath: path)
    }
}

private struct JSONSingleContainer: SingleValueEncodingContainer {
    let target: JSONTarget
    let codingPath: [any CodingKey]

    func encodeNil() { target.content = .value(.null) }

    func encode(_ value: some Encodable) throws {
        target.content = .value(try JSONEncoding.encode(value, at: codingPath))
    }
}

private struct SuperKey: CodingKey {
    let stringValue = "super"
    var intValue: Int? { nil }

    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
}

private struct IndexKey: CodingKey {
    let index: Int

    init(_ index: Int) { self.index = index }
    init?(stringValue: String) { nil }
    init?(intValue: Int) { index = intValue }

    var stringValue: String { "\(index)" }
    var intValue: Int? { index }
}
