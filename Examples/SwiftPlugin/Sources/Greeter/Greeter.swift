import ToolPlugin

/// The languages of a greeting.
@ToolSchema enum Language: String {
    case english, german, swahili
}

/// Greets a person.
///
/// - Parameters:
///   - name: The person to greet.
///   - language: The language of the greeting.
@Tool(annotations: [.readOnly, .idempotent], examples: [ToolExample(["name": "Ada"], result: "Hello, Ada!")])
func greet(name: String, language: Language = .english) -> String {
    switch language {
    case .english: "Hello, \(name)!"
    case .german: "Hallo, \(name)!"
    case .swahili: "Habari, \(name)!"
    }
}

/// Counts the letters of a string.
///
/// - Parameter text: The string to count in.
@Tool func countLetters(text: String, context: ToolContext) async throws(ToolError) -> [String: Int] {
    var counts: [String: Int] = [:]
    for letter in text.lowercased() where letter.isLetter {
        try context.checkCancellation()
        counts[String(letter), default: 0] += 1
    }
    guard !counts.isEmpty else { throw .invalidArguments("text: expected at least one letter") }
    return counts
}

@ToolPlugin let plugin = PluginDescription("greeter", version: "1.0.0", tools: [greetTool, countLettersTool])
