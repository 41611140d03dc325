/// The offsets of a time zone from UTC, in seconds east of Greenwich.
///
/// The C library has them too, but only for the zone in the environment variable `TZ`, which a plugin that may run in
/// the process of its host cannot use:
/// - `setenv` races with `getenv` on the host's other threads. glibc moves the environment while they read it; with
///   glibc 2.36 they crash.
/// - While `TZ` is set, `localtime_r` on any other thread shows this zone.
/// - For a time that clocks show twice, the result of `mktime` depends on the calls before it.
struct ZoneRules {
    /// A change of the offset.
    struct Transition {
        /// The first second with the new offset.
        let instant: Int
        let offset: Int
    }

    /// The maximum offset; RFC 9636 allows less than 26 hours.
    static let maximumOffset = 26 * 3600

    /// The offset before the first transition.
    let initial: Int
    /// The transitions, in ascending order.
    let transitions: [Transition]
    /// The rule for the time after the last transition; without one its offset stays.
    let rest: PosixZone?

    /// The offset in effect at an instant, in seconds since 1970 in UTC.
    func offset(at instant: Int) -> Int {
        guard let last = transitions.last else { return rest?.offset(at: instant) ?? initial }
        if instant >= last.instant { return rest?.offset(at: instant) ?? last.offset }
        var (low, high) = (0, transitions.count)
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].instant <= instant { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? initial : transitions[low - 1].offset
    }

    /// The instant at which the clocks show a time, in seconds since 1970 in UTC.
    ///
    /// If they show the time twice, this is the first instant. If they skip it, the offset before the change applies,
    /// so in spring 02:30 becomes 03:30.
    ///
    /// - Parameter local: The time, in seconds since 1970 by the clocks of the zone.
    func instant(of local: Int) -> Int {
        // No zone has changed its offset twice within these 52 hours.
        let before = offset(at: local - Self.maximumOffset)
        let after = offset(at: local + Self.maximumOffset)
        let early = local - before
        if offset(at: early) == before { return early }
        let late = local - after
        return offset(at: late) == after ? late : early
    }
}
