/// The conversation in which a model makes calls, as far as it decides about them.
///
/// An agent passes the context of its conversation with each batch. A program with another loop does the same:
///
/// ```swift
/// var context = CallContext()
/// let results = await host.dispatch(calls, context: context).results
/// for result in results where result.isFromOutside && !context.outsideSources.contains(result.call.name) {
///     context.outsideSources.append(result.call.name)
/// }
/// ```
public struct CallContext: Sendable {
    /// The names of the sources from which the conversation has text that other people may have written: tools that read
    /// from the network, and attached files.
    ///
    /// Such text can persuade a model to make calls. While there is any, each call that could do harm needs the user's
    /// confirmation, even if a rule or an earlier reply allows it.
    public var outsideSources: [String]

    /// The model of the conversation, if it runs on another computer; nil if it runs on this one.
    public var remoteModel: RemoteModel?

    /// Creates a context; by default without outside sources, for a model on this computer.
    public init(outsideSources: [String] = [], remoteModel: RemoteModel? = nil) {
        self.outsideSources = outsideSources
        self.remoteModel = remoteModel
    }
}
