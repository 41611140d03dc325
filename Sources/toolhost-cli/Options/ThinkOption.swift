import OllamaClient

/// `--think` with a level or without: the parser itself would take the prompt behind it for the level.
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
