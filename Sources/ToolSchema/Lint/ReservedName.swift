/// Names of tools with another meaning for models or for the parsers of their output.
enum ReservedName {
    /// Returns the problem of a name, as the rest of a sentence that begins with the name, or nil if it has none.
    static func reason(for name: LintName) -> String? {
        let key = name.key
        if builtIns.contains(key) {
            return "is built into some models, which send code or a different call to it"
        }
        if callWords.contains(key) {
            return "is a word in the format of calls, where a search for the tool's name finds it"
        }
        return nil
    }

    /// The interpreters and tools that models are trained to use, and their namespaces.
    private static let builtIns: Set<String> = [
        "bash", "bravesearch", "browser", "codeinterpreter", "container", "functions", "ipython", "javascript",
        "multitooluse", "python", "sh", "shell", "wolframalpha",
    ]

    /// The strings that models write around a tool's name and arguments.
    private static let callWords: Set<String> = [
        "arguments", "call", "function", "id", "json", "name", "object", "parameters", "tool", "toolcall", "toolcalls",
        "toolresponse", "tools", "type",
    ]
}
