import OllamaClient

/// Expands `--think` without a level, because the parser would read the prompt after it as the level.
enum ThinkOption {
    /// The arguments with a lone `--think` written out.
    static func expanded(_ arguments: [String]) -> [String] {
        guard arguments.first == "chat" else { return arguments }
        var expanded: [String] = []
        var isOver = false
        for (index, argument) in arguments.enumerated() {
            isOver = isOver || argument == "--"
            expanded.append(argument)
            guard argument == "--think", !isOver else { continue }
            let next = index + 1 < arguments.count ? arguments[index + 1] : ""
            if ThinkLevel(next) == nil { expanded.append("true") }
        }
        return expanded
    }
}
