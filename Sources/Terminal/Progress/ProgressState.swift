/// The work that a progress area shows: an activity of the model, and the running calls.
///
/// All times are durations since one fixed moment.
package struct ProgressState: Sendable {
    /// A running call.
    struct Call: Sendable {
        let id: Int
        let name: String
        let owner: String
        let start: Duration
        var fraction: Double?
        var message = ""
    }

    /// The time that work takes before it is shown, so that short work does not flicker.
    package static let delay = Duration.milliseconds(300)
    /// The maximum number of calls that are recorded.
    private static let callLimit = 1024
    private static let frames = Array("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏")

    private var activity: (label: String, start: Duration, delay: Duration)?
    private var calls: [Call] = []

    package init() {}

    /// True if nothing is under way.
    package var isEmpty: Bool { activity == nil && calls.isEmpty }

    // MARK: - Changes

    /// Begins an activity of the model, which replaces another one.
    ///
    /// The same label continues the activity.
    ///
    /// - Parameters:
    ///   - label: Untrusted text, such as `loading qwen3`.
    ///   - delay: The time that the activity takes before it is shown.
    package mutating func begin(_ label: String, at now: Duration, delay: Duration = Self.delay) {
        let label = TerminalText.oneLine(label, limit: 100)
        if activity?.label != label { activity = (label, now, delay) }
    }

    /// Ends the activity of the model.
    package mutating func endActivity() { activity = nil }

    /// Adds a call.
    ///
    /// - Parameters:
    ///   - id: A number that no other running call has.
    ///   - name: The name of the tool, which is untrusted.
    ///   - owner: The name of the plugin, which is untrusted; empty for none.
    package mutating func start(_ id: Int, name: String, owner: String, at now: Duration) {
        finish(id)
        guard calls.count < Self.callLimit else { return }
        let (name, owner) = (TerminalText.oneLine(name, limit: 64), TerminalText.oneLine(owner, limit: 64))
        calls.append(Call(id: id, name: name, owner: owner, start: now))
    }

    /// Records the progress that a call reports.
    ///
    /// - Parameters:
    ///   - fraction: From 0 to 1, or nil if it is unknown. Other values are ignored.
    ///   - message: Untrusted text.
    package mutating func report(_ id: Int, fraction: Double?, message: String) {
        guard let index = calls.firstIndex(where: { $0.id == id }) else { return }
        calls[index].fraction = fraction.flatMap { 0...1 ~= $0 ? $0 : nil }
        calls[index].message = TerminalText.oneLine(message, limit: 200)
    }

    /// Removes a call.
    package mutating func finish(_ id: Int) { calls.removeAll { $0.id == id } }

    /// Removes everything.
    package mutating func removeAll() { self = ProgressState() }

    // MARK: - Layout

    /// Returns the rows for a terminal of a size, at most two less than it has.
    ///
    /// Each row fits the terminal and begins with two spaces.
    package func rows(at now: Duration, size: (rows: Int, columns: Int)) -> [[StyledText]] {
        let frame = Self.frames[Int(now / .milliseconds(100)) % Self.frames.count]
        var rows: [[StyledText]] = []
        if let activity, now - activity.start >= activity.delay {
            rows.append([StyledText(safe: "  \(frame) \(activity.label)… \((now - activity.start).elapsed)", .dim)])
        }
        for call in calls where now - call.start >= Self.delay {
            rows.append(Self.row(of: call, frame, now))
        }
        let room = max(0, size.rows - 2)
        if rows.count > room {
            let shown = max(0, room - 1)
            let rest = StyledText(safe: "  … and \((rows.count - shown).grouped) more", .dim)
            rows = rows.prefix(shown) + (room > 0 ? [[rest]] : [])
        }
        // The last column stays empty, because terminals behave differently once it is filled.
        return rows.map { $0.prefix(columns: max(size.columns, 10) - 1) }
    }

    private static func row(of call: Call, _ frame: Character, _ now: Duration) -> [StyledText] {
        var details = (now - call.start).elapsed
        if let fraction = call.fraction { details += " · \(Int(fraction * 100)) %" }
        if !call.message.isEmpty { details += " · " + call.message }
        let owner = call.owner.isEmpty ? "" : " (\(call.owner))"
        return [
            StyledText(safe: "  \(frame) ", .dim), StyledText(safe: call.name),
            StyledText(safe: "\(owner) \(details)", .dim),
        ]
    }
}
