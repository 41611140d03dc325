import Locks
import OllamaClient

extension Agent {
    /// The maximum number of models that an error names.
    private static let namedModels = 5

    /// Checks before the first request that the model can do what the conversation needs, and takes the form of requests
    /// that the model reads.
    ///
    /// Unknown capabilities are no error: older servers do not report them.
    ///
    /// - Returns: False if the task was cancelled meanwhile.
    /// - Throws: `OllamaError` if the model lacks a capability, or the error of the model.
    func checkCapabilities(_ events: EventBuffer) async throws -> Bool {
        let asksToThink = configuration.think != nil && configuration.think != .off
        let isNeeded = configuration.checksCapabilities && (!offered.isEmpty || asksToThink)
        guard isNeeded, state.withLock({ !$0.hasCheckedCapabilities }) else { return !Task.isCancelled }
        let response = try await repeating(events) { try await client.details(of: model) }
        guard let details = response else { return false }
        if let details {
            adaptation.adapt(to: details)
            noteDetails(details)
            if let capabilities = details.capabilities {
                if !offered.isEmpty, !capabilities.tools {
                    let need = offered.count == 1 ? "1 tool is offered" : "\(offered.count) tools are offered"
                    throw await missing("tools", .toolsUnsupported, "cannot call tools, and \(need)")
                }
                if asksToThink, !capabilities.thinking {
                    guard ModelTraits(details).writesThoughts else {
                        let fault = "does not support thinking, which was requested"
                        throw await missing("thinking", .thinkingUnsupported, fault)
                    }
                    adaptation.omitThinking()
                    let sentence =
                        "The server does not list thinking as a capability of the model, so it is not requested."
                    await events.send(.warning(message: "\(sentence) The model may think nevertheless."))
                }
            }
        }
        state.withLock { ($0.hasCheckedCapabilities, $0.details) = (true, details) }
        return !Task.isCancelled
    }

    /// Returns the error about a model without a capability, with models that have it.
    private func missing(_ capability: String, _ code: OllamaError.Code, _ lack: String) async -> OllamaError {
        let others = ((try? await client.models(with: capability)) ?? []).filter { $0 != model }
        var message = "The model \"\(model)\" \(lack)."
        if others.isEmpty {
            message += " No other model of the server is known to have this capability."
        } else {
            message += " Models of the server that have this capability: "
            message += others.prefix(Self.namedModels).joined(separator: ", ") + "."
        }
        return OllamaError(code, message: message, remedy: .chooseModel)
    }
}
