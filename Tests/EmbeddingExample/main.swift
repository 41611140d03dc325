import Foundation
import OpenAIClient
import ToolAgent
import ToolHost
import ToolJSON
import ToolPlugin

/// Find a customer.
@Tool func findCustomer(name: String) -> String { "\(name) <\(name.lowercased())@example.com>" }
/// Delete a customer.
@Tool(annotations: [.destructive]) func deleteCustomer(name: String) -> String { "Deleted \(name)." }

/// A model that hides e-mail addresses in messages from the server of another model.
struct Redacting<Base: ChatModel>: ChatModel {
    let base: Base

    func chat(_ request: ChatRequest) -> Base.Chunks {
        var request = request
        for index in request.messages.indices {
            request.messages[index].content.replace(/[\w.]+@[\w.]+/, with: "hidden")
        }
        return base.chat(request)
    }

    func prepare(_ model: String, options: JSONObject, keepAlive: KeepAlive?) async throws -> Int? {
        try await base.prepare(model, options: options, keepAlive: keepAlive)
    }

    func details(of model: String) async throws -> ModelDetails? { try await base.details(of: model) }

    func isRemote(_ model: String) -> Bool { base.isRemote(model) }
}

func show(_ text: String) {  // At once, and without control characters, which could steer the terminal.
    let visible = text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }
    FileHandle.standardOutput.write(Data(String(visible).utf8))
}

var configuration = HostConfiguration()
// Approval: the user is asked about calls that could do harm, all calls of one message at once.
configuration.authorization = .asking { prompts in
    prompts.map { prompt in
        show("\(prompt.request.toolName) \(prompt.request.arguments): \(prompt.reason). Allow it? [y/n] ")
        return readLine() == "y" ? .allowOnce : .deny
    }
}
// Policy: the program decides about each call that the user has allowed or need not allow.
configuration.authorization.decide = { request in
    guard request.toolName == "delete_customer", request.arguments["name"] == "Ada" else { return .allow }
    return .deny(reason: "Ada has an open order")
}

let host = ToolHost(configuration)
try host.register(findCustomerTool)
try host.register(deleteCustomerTool)
let model = Redacting(base: OpenAIClient())
var options = AgentConfiguration()
// Context: before the window is full, requests have only the system prompt, and the last prompt with all that follows it.
options.contextStrategy = { overflow in
    let last = overflow.messages.lastIndex { $0.role == .user } ?? 0
    return overflow.messages.prefix { $0.role == .system } + overflow.messages[last...]
}
let agent = Agent(model: "qwen3", client: model, host: host, configuration: options)
let response = agent.respond(to: CommandLine.arguments.last ?? "")
for try await event in response {
    if case .content(let text) = event { show(text) }
}
show("\n(\(try await response.outcome.reason))\n")
