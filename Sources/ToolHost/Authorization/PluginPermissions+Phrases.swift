extension PluginPermissions {
    /// One phrase for each permission, for users: `read /srv/notes`.
    public var phrases: [String] { phrases(values: [:]) }

    /// One phrase for each permission, for users, with the configuration key of a path that stands for one.
    ///
    /// - Parameters:
    ///   - values: The paths that the keys stand for.
    ///   - note: The note about a key that has no path, or nil for no note.
    public func phrases(values: [String: String], otherwise note: String? = "not configured yet") -> [String] {
        func phrase(_ verb: String, _ path: String) -> String {
            guard let key = Self.key(of: path) else { return "\(verb) \(path)" }
            if let value = values[key] { return "\(verb) \(value) (configured as \"\(key)\")" }
            return "\(Self.phrase(verb, forKey: key))\(note.map { " (\($0))" } ?? "")"
        }
        var phrases: [String] = []
        phrases += read.map { phrase("read", $0) }
        phrases += write.map { phrase("change", $0) }
        phrases += network.map { "connect to port \($0) of any computer" }
        phrases += spawn.map { phrase("run", $0) }
        phrases += environment.map { "see the variable \($0)" }
        if let memory { phrases.append("use \(memory >> 20) MiB of memory") }
        return phrases
    }

    /// The phrase for one path or `${KEY}`: `read /srv/notes`.
    static func phrase(_ verb: String, _ path: String) -> String {
        key(of: path).map { "\(phrase(verb, forKey: $0)) (not configured yet)" } ?? "\(verb) \(path)"
    }

    private static func phrase(_ verb: String, forKey key: String) -> String {
        switch verb {
        case "run": "run the program configured as \"\(key)\""
        case "change": "write to the path configured as \"\(key)\""
        default: "\(verb) the path configured as \"\(key)\""
        }
    }
}
