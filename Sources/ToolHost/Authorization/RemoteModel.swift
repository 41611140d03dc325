import Locks

/// A model on another computer, which receives the results of a conversation's calls.
///
/// Private files leave this computer with the result of a call that reads them, so the user is asked before the first
/// such call. One value is for one conversation. It may be used on any thread.
public final class RemoteModel: Sendable {
    /// The name of the model.
    public let name: String

    private let confirmation = Lock(false)

    /// Creates a model to which the user has not agreed yet.
    public init(name: String) { self.name = name }

    /// A Boolean value that indicates whether the user has agreed that the model receives private data.
    public var isConfirmed: Bool { confirmation.withLock(\.self) }

    func confirm() { confirmation.withLock { $0 = true } }
}
