import ToolJSON

extension ConfigurationFile {
    /// Reads the member `python`: false, or `{"default": PATH, "plugins": {"NAME": PATH}}`.
    static func python(_ json: JSON?) throws(UserFileError) -> PythonConfiguration? {
        var configuration = PythonConfiguration()
        guard let json else { return configuration }
        if json == false { return nil }
        guard let members = json.object else { throw UserFileError("needs an object or false for \"python\".") }
        if let (key, words) = NearNames.unknownKey(in: members, known: ["default", "plugins"]) {
            throw UserFileError("has the unknown key \"\(key)\" in \"python\"; \(words)")
        }
        if let value = members["default"] { configuration.interpreter = try path(value, "\"default\" of \"python\"") }
        guard let plugins = (members["plugins"] ?? [:]).object else {
            throw UserFileError("needs an object for \"plugins\" of \"python\".")
        }
        for (name, value) in plugins {
            configuration.interpreters[name] = try path(value, "the interpreter of the plugin \"\(name)\"")
        }
        return configuration
    }

    private static func path(_ json: JSON, _ subject: String) throws(UserFileError) -> String {
        guard let path = json.string, path.hasPrefix("/"), path.utf8.count < 4096, !path.utf8.contains(0) else {
            throw UserFileError("needs an absolute path for \(subject).")
        }
        return path
    }
}
