/// A batch of calls that runs: an asynchronous sequence of its events, with the results at the end.
///
/// ```swift
/// let dispatch = host.dispatch(calls)
/// for await event in dispatch {
///     if case .progress(_, let message) = event.kind { print(message) }
/// }
/// let results = await dispatch.results
/// ```
///
/// ``ToolHost/dispatch(_:offered:context:)`` has started the calls by the time that it returns, whether or not anything
/// reads the events. Every call gets exactly one result.
///
/// The calls without a result are cancelled, and end as ``ToolStatus/cancelled`` at once, if a task that iterates over
/// the events or awaits ``results`` is cancelled, and if the last copy of this value and its iterators is destroyed. A
/// loop that is left early does not cancel the calls as long as this value is used later.
///
/// Each event is delivered once: if there are several iterators, each event goes to one of them. A slow reader delays
/// no call. Once 64 events are unread, a report of progress replaces the unread one of the same call, and pieces of
/// output are joined. No other event is lost, whether or not ``results`` is awaited. So unread events take about as
/// much memory as the results at most, until this value and its iterators are destroyed.
///
/// All members may be used on any thread.
public struct ToolDispatch: AsyncSequence, Sendable {
    public typealias Element = DispatchEvent
    public typealias Failure = Never

    /// Cancels the calls when nothing can read their events or results any more.
    fileprivate final class Lifetime: Sendable {
        let progress: DispatchProgress

        init(_ progress: DispatchProgress) { self.progress = progress }

        deinit { progress.cancel() }
    }

    private let lifetime: Lifetime

    init(_ progress: DispatchProgress) { lifetime = Lifetime(progress) }

    /// The results, one for each call, in the order of the calls.
    ///
    /// They may be awaited by several tasks, before and after the events are read. If a task that awaits them is
    /// cancelled, the calls without a result are cancelled; the results are complete all the same.
    public nonisolated(nonsending) var results: [ToolResult] {
        get async {
            let results = await lifetime.progress.results()
            // The calls must not be cancelled while only this task refers to them.
            withExtendedLifetime(lifetime) {}
            return results
        }
    }

    /// Cancels the calls without a result, which end as ``ToolStatus/cancelled`` at once.
    public func cancel() { lifetime.progress.cancel() }

    public func makeAsyncIterator() -> Iterator { Iterator(lifetime) }

    /// An iterator over the events.
    public struct Iterator: AsyncIteratorProtocol {
        private let lifetime: Lifetime

        fileprivate init(_ lifetime: Lifetime) { self.lifetime = lifetime }

        /// Returns the next event, or nil after the last call has its result.
        ///
        /// If the surrounding task is cancelled, the calls without a result are cancelled. Their events still follow.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async -> DispatchEvent? {
            let event = await lifetime.progress.next(isolation: actor)
            withExtendedLifetime(lifetime) {}
            return event
        }
    }
}
