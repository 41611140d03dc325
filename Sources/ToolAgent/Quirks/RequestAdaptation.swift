import OllamaClient

/// The form in which requests go to a model whose template or server cannot read the usual form.
///
/// Each property is set once for a conversation: because of the details of the model, or because of an error that shows
/// the need. The function that changes a request is pure, and the conversation itself never changes.
struct RequestAdaptation: Sendable, Equatable {
    /// True if the ids of calls have nine letters and digits, as the template of Mistral in GGUF files requires.
    var shortensCallIDs = false
    /// True if a message has at most one call, as the template of Llama 3.1 in GGUF files requires.
    var splitsCalls = false
    /// True if requests have no `think`, because the server refuses it although the model thinks.
    var omitsThinking = false
    /// True if a property has a single type, because the server decodes no array of types.
    var hasSingleTypes = false
    /// True if tools with the names of the built-in tools of gpt-oss get other names.
    var aliasesTools = false
    /// The place of the images of results.
    var images = ImagePlacement.inResults

    /// Takes the form that the details of the model ask for.
    mutating func adapt(to traits: ModelTraits) {
        aliasesTools = traits.isHarmony
        images = traits.images
    }

    /// Takes another form after a failure that shows that the model cannot read the present one.
    ///
    /// A change is made once, and only if it changes the request.
    ///
    /// - Returns: A sentence about the change, or nil if no change helps.
    mutating func mend(after error: OllamaError, _ request: ChatRequest) -> String? {
        let message = error.message.lowercased()
        var changed = self
        let sentence: String
        switch error.code {
        case .imagesUnsupported:
            changed.images = .withheld
            sentence = "Retrying without the images of results."
        case .thinkingUnsupported where request.messages.contains { $0.thinking?.isEmpty == false }:
            changed.omitsThinking = true
            sentence = "The model thinks without being asked. Retrying without the request to think."
        case .invalidRequest where message.contains("tool call ids should be alphanumeric"):
            changed.shortensCallIDs = true
            sentence = "Retrying with call ids of nine letters and digits."
        case .invalidRequest where message.contains("only supports single tool-calls"):
            changed.splitsCalls = true
            sentence = "Retrying with one call in each message."
        case .invalidRequest where message.contains("cannot unmarshal array") && message.contains("of type string"):
            changed.hasSingleTypes = true
            sentence = "Retrying with a single type for each property."
        default:
            return nil
        }
        guard changed != self, changed.adapted(request).request != adapted(request).request else { return nil }
        self = changed
        return sentence
    }

    /// Returns a request in the form that the model reads, and the names that its tools have in it.
    func adapted(_ request: ChatRequest) -> (request: ChatRequest, aliases: ToolAliases) {
        var request = request
        if images != .inResults { request.messages = images.placed(request.messages) }
        if splitsCalls { request.messages = CallSplitting.split(request.messages) }
        if shortensCallIDs { request.messages = CallIDShortening.shortened(request.messages) }
        if hasSingleTypes { request.tools = request.tools.map(SingleTypes.tool) }
        if omitsThinking, request.think != .off { request.think = nil }
        guard aliasesTools else { return (request, ToolAliases()) }
        let aliases = ToolAliases(for: request)
        aliases.rename(&request)
        return (request, aliases)
    }
}
