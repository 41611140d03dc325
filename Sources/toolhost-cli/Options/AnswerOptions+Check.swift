import ToolAgent
import ToolHost

extension AnswerOptions {
    /// Checks that the tool choice is possible, before the first request.
    func check(_ agent: Agent, _ host: ToolHost) throws(CommandError) {
        switch choice {
        case .auto, .none:
            break
        case .required:
            guard agent.tools.isEmpty else { break }
            throw CommandError(.unknownTool, "--tool-choice required: there are no tools to call; see toolhost doctor.")
        case .tool(let name):
            guard !agent.tools.contains(where: { $0.name == name }) else { break }
            _ = try host.requiredTool(named: name)
            throw CommandError(
                .unknownTool,
                "--tool-choice \(name.visible, limit: 80): --tools or the configuration excludes this tool."
            )
        }
    }
}
