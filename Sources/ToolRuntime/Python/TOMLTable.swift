import ToolJSON

/// A table of a TOML document, with the line of each key.
final class TOMLTable {
    /// The way in which a table came into being, which decides how it can be extended.
    enum Origin { case parent, header, dottedKey, inline }

    /// The value of a key.
    enum Value {
        case json(JSON)
        case table(TOMLTable)
        /// The tables of headers in double brackets.
        case tables([TOMLTable])
    }

    var origin: Origin
    /// The keys in the order of the document.
    private(set) var keys: [String] = []
    private var members: [ExactKey: (value: Value, line: Int)] = [:]

    init(_ origin: Origin) { self.origin = origin }

    /// Returns the value of a key and its line.
    subscript(key: String) -> (value: Value, line: Int)? { members[ExactKey(key)] }

    /// Sets the value of a key, which keeps its place and its line if it exists.
    func set(_ key: String, _ value: Value, line: Int) {
        let known = members[ExactKey(key)]
        if known == nil { keys.append(key) }
        members[ExactKey(key)] = (value, known?.line ?? line)
    }

    /// The table as a JSON object.
    var json: JSON {
        var object: JSONObject = [:]
        for key in keys {
            switch self[key]?.value {
            case .json(let value): object[key] = value
            case .table(let table): object[key] = table.json
            case .tables(let tables): object[key] = .array(tables.map(\.json))
            case nil: break
            }
        }
        return .object(object)
    }
}
