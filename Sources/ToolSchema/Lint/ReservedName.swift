/// Names that mean something else to models, or to those who read their answers.
enum ReservedName {
    /// The fault of a tool's name, as the rest of a sentence that begins with the name; `nil` if there is none.
    static func reason(for name: LintName) -> String? {
        let key = name.key
        if builtIns.contains(key) {
            return "is built into some models, which send it code or another call than this tool's"
        }
        if callWords.contains(key) {
            return "is a word of the calls themselves, where a search for the tool's name finds it"
        }
        return nil
    }

    /// Interpreters and tools that models were trained to find in place, and the namespaces these stand in.
    private static let builtIns: Set<String> = [
        "bash", "bravesearch", "browser", "codeinterpreter", "container", "functions", "ipython", "javascript",
        "multitooluse", "python", "sh", "shell", "wolframalpha",
    ]

    /// The strings that models write around a name and its arguments.
    private static let callWords: Set<String> = [
        "arguments", "call", "function", "id", "json", "name", "object", "parameters", "tool", "toolcall", "toolcalls",
        "toolresponse", "tools", "type",
    ]
}
