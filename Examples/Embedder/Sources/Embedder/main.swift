import Foundation
import ToolAgent
import ToolHost
import ToolPlugin

/// Delete a meeting from the calendar.
@Tool(annotations: [.destructive]) func deleteMeeting(title: String) -> String { "Deleted \(title)." }

func show(_ text: String) {  // At once, and without control characters, which could steer the terminal.
    let visible = text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }
    FileHandle.standardOutput.write(Data(String(visible).utf8))
}

do {
    var configuration = HostConfiguration()
    configuration.searchPath.add("plugins")  // Each plugin runs in a separate, confined process.
    configuration.authorization = .asking { prompts in
        prompts.map { prompt in
            show("\(prompt.request.toolName) \(prompt.request.arguments): \(prompt.reason). Allow it? [y/n] ")
            return readLine() == "y" ? .allowOnce : .deny
        }
    }
    let host = ToolHost(configuration)
    try host.register(deleteMeetingTool)  // This tool runs in this process.
    try await host.loadPlugins()
    for case .broken(let error) in host.plugins.map(\.state) { show("\(error.file): \(error.message)\n") }
    let response = Agent(model: "qwen3", host: host).respond(to: CommandLine.arguments.last ?? "")
    signal(SIGINT, SIG_IGN)
    let interrupt = DispatchSource.makeSignalSource(signal: SIGINT, queue: .main)
    interrupt.setEventHandler { response.cancel() }  // Ctrl-C cancels the request and the running calls.
    interrupt.activate()
    for try await event in response {
        if case .content(let text) = event { show(text) }
        if case .call(let call) = event, case .finished(let result) = call.kind { show("[\(result.text)]\n") }
    }
    show("\n(\(try await response.outcome.reason))\n")
} catch {  // For instance, the server does not answer. A failed call is not an error: the model reads its result.
    show("\(error)\n")
    exit(1)
}
