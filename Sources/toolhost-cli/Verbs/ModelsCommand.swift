import ArgumentParser
import OllamaClient
import ToolJSON

/// The verb `models`.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the models of the server and their capabilities: tools, thinking, vision.",
        usage: "toolhost models [<options>]",
        discussion: """
            The server is that of OLLAMA_HOST, or else this machine; with --api openai, that of OPENAI_BASE_URL, or else \
            http://127.0.0.1:8080/v1. If it does not report the capabilities of a model, \
            they are those of a table of documented cloud models, and are marked with an asterisk. Unknown capabilities \
            are shown as a question mark, and are null in JSON. Exits with 7 if the server does not respond.

            EXAMPLES:
              toolhost models
              toolhost models --json
              toolhost models --api openai
            """
    )

    @Option(help: ArgumentHelp("The protocol of the server: ollama or openai.", valueName: "protocol"))
    var api = ModelAPI.ollama
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let server = ModelServer(api)
        Console.error.warn(about: server.endpoint)
        let models: [ListedModel]
        do {
            models = try await Interrupts.cancelling { try await ModelListing.all(server) }
        } catch let error as OllamaError {
            throw CommandError(.server, escaping: error.advisedMessage)
        } catch is CancellationError {
            throw CommandError(.interrupted)
        }
        if json { return Console.output.json(.array(models.map(\.json))) }
        if models.isEmpty {
            let advice: TerminalLine = api == .ollama ? " Download one: ollama pull qwen3" : ""
            return Console.error.line("The server has no models.\(advice)")
        }
        show(models)
    }

    private func show(_ models: [ListedModel]) {
        var rows = [["NAME", "WHERE", "TOOLS", "THINKS", "SEES", "CONTEXT"]]
        for model in models {
            let mark = model.isFromTable ? "*" : ""
            func cell(_ has: Bool?) -> String { has.map { ($0 ? "yes" : "no") + mark } ?? "?" }
            rows.append([
                TerminalLine(model.name, limit: 60).text, model.isRemote ? "cloud" : "local",
                cell(model.capabilities?.tools), cell(model.isFromTable ? nil : model.capabilities?.thinking),
                cell(model.isFromTable ? nil : model.capabilities?.vision), model.contextLength.map(String.init) ?? "?",
            ])
        }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count)
            }
            Console.output.line(escaping: cells.joined(separator: "  "))
        }
    }
}

extension ListedModel {
    /// The model as JSON; unknown values are `null`.
    fileprivate var json: JSON {
        func flag(_ value: Bool?) -> JSON { value.map(JSON.bool) ?? .null }
        return [
            "name": .string(name), "remote": .bool(isRemote),
            "tools": flag(capabilities?.tools),
            "thinking": flag(isFromTable ? nil : capabilities?.thinking),
            "vision": flag(isFromTable ? nil : capabilities?.vision),
            "from_table": .bool(isFromTable),
            "context_length": contextLength.map { .int($0) } ?? .null,
            "parameter_size": parameterSize.map(JSON.string) ?? .null,
            "size": size.map { .int($0) } ?? .null,
        ]
    }
}
