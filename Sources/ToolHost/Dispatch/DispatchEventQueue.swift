/// The events of a batch that no reader has taken yet.
///
/// The size is bounded without losing output: once there are many events, a report of progress replaces the unread one
/// of the same call, and a piece of output is appended to the unread piece before it if both have the same media type.
/// A result has at most 1,024 parts, so a call has at most as many unread events and a few more.
struct DispatchEventQueue {
    /// The unread events of a call that a later event may be merged with, by their position since the first event.
    private struct Unread {
        var output: Int?
        var progress: Int?
    }

    private var events: [DispatchEvent] = []
    /// The index of the first unread event in ``events``.
    private var head = 0
    /// The number of events that were removed from ``events``.
    private var removed = 0
    private var unread: [Int: Unread] = [:]

    /// The number of unread events from which on events are merged.
    private static let maximumSeparate = 64

    var count: Int { events.count - head }

    mutating func append(_ event: DispatchEvent) {
        guard count >= Self.maximumSeparate else {
            // A later event must not be merged with one before this event, or the order would change.
            if !unread.isEmpty { unread[event.callIndex] = nil }
            return events.append(event)
        }
        let position = removed + events.count
        switch event.kind {
        case .progress:
            if let index = index(of: unread[event.callIndex]?.progress) {
                events[index] = event
                return
            }
            unread[event.callIndex, default: Unread()].progress = position
        case .output(let part):
            if let index = index(of: unread[event.callIndex]?.output), merge(part, into: index) { return }
            unread[event.callIndex, default: Unread()].output = position
        case .started, .finished:
            unread[event.callIndex] = nil
        }
        events.append(event)
    }

    mutating func removeFirst() -> DispatchEvent? {
        guard head < events.count else { return nil }
        let event = events[head]
        head += 1
        // Moving the rest costs time in proportion to it, so at least half of the events must be read.
        if head * 2 >= events.count {
            events.removeFirst(head)
            removed += head
            head = 0
        }
        return event
    }

    /// Returns the index of an unread event, or nil if the event was read.
    private func index(of position: Int?) -> Int? {
        guard let position, position - removed >= head else { return nil }
        return position - removed
    }

    private mutating func merge(_ part: ContentPart, into index: Int) -> Bool {
        guard case .output(var whole) = events[index].kind, whole.mediaType == part.mediaType else { return false }
        let callIndex = events[index].callIndex
        // The bytes must have one owner, or each piece would copy all pieces before it.
        events[index] = DispatchEvent(callIndex: callIndex, kind: .progress(fraction: nil, message: ""))
        whole.bytes += part.bytes
        events[index] = DispatchEvent(callIndex: callIndex, kind: .output(whole))
        return true
    }
}
