import OllamaClient

/// An expansion of `--think` without a level.
///
/// The parser would otherwise read the prompt after it as the level.
enum ThinkOption {
    /// Returns the arguments with the level `true` after each `--think` without a level.
    static func expanded(_ arguments: [String]) -> [String] {
        guard arguments.first == "chat" else { return arguments }
        var expanded: [String] = []
        var isAfterOptions = false
        for (index, argument) in arguments.enumerated() {
            isAfterOptions = isAfterOptions || argument == "--"
            expanded.append(argument)
            guard argument == "--think", !isAfterOptions else { continue }
            let next = index + 1 < arguments.count ? arguments[index + 1] : ""
            if ThinkLevel(next) == nil { expanded.append("true") }
        }
        return expanded
    }
}
