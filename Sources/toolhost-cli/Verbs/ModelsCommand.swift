import ArgumentParser
import OllamaClient
import ToolJSON

/// The verb `models`.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List the server's models, and which can call tools, think and see.",
        discussion: """
            Asks the server of OLLAMA_HOST. If it does not report what a model can do, a table of documented cloud \
            models is used, and the entry is marked with an asterisk.

            EXAMPLES:
              toolhost models
              toolhost models --json
            """
    )

    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let client = OllamaClient(environment: ProcessEnvironment.all)
        Console.error.warn(about: client.endpoint)
        let models: [ListedModel]
        do {
            models = try await Interrupts.cancelling { try await ModelListing.all(client) }
        } catch let error as OllamaError {
            throw CommandError(.server, escaping: error.message)
        } catch is CancellationError {
            throw CommandError(.interrupted)
        }
        if json { return Console.output.json(.array(models.map(\.json))) }
        if models.isEmpty { return Console.error.line("The server has no models. Fetch one: ollama pull qwen3") }
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
    /// The model for programs; unknown values are `null`.
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
