import Locks
import ToolJSON

/// A file in the Trace Event Format, which Perfetto and Chrome display: a JSON array of events on named tracks.
///
/// The events begin and end slices. The slices of a track are nested, and the times of all events are in order. The
/// format allows that the end of the array is missing, so the trace of a killed process can be displayed, too.
///
/// The file has at most 262,144 events. Slices that begin later are omitted.
final class TraceFile: Sendable {
    private struct State {
        /// The number of events in the file.
        var count = 0
        /// The open slices of each track, by name; "" for a slice that was omitted.
        var open: [Int: [String]] = [:]
        var lastTime = Duration.zero
        var isFinished = false
        var failure: String?
    }

    private let file: PrivateOutputFile
    private let start = ContinuousClock.now
    private let state = Lock(State())

    /// The maximum number of events, besides the ends of slices.
    private let maximumEvents: Int
    /// The maximum number of characters of a name or a string.
    static let textLimit = 200

    /// Creates a trace.
    ///
    /// - Parameters:
    ///   - path: The path of the file. It has the mode 0600. An existing trace is replaced, but no other file.
    ///   - maximumEvents: The number of events after which no slice begins.
    /// - Throws: ``OutputFileError`` if the file cannot be written.
    init(path: String, maximumEvents: Int = 1 << 18) throws(OutputFileError) {
        self.maximumEvents = maximumEvents
        let first = "[\n{\"name\":\"process_name\""
        file = try PrivateOutputFile(path: path, replacing: first, kind: "trace")
        state.withLock { write("process_name", "M", 0, ["name": "toolhost"], &$0) }
    }

    deinit { finish() }

    /// The reason why the trace is not complete, as a sentence; nil if it is complete so far.
    var failure: String? { state.withLock(\.failure) }

    /// Names a track.
    func name(_ track: Int, _ name: String) {
        state.withLock { write("thread_name", "M", track, ["name": .string(name)], &$0) }
    }

    /// Begins a slice on a track.
    func begin(_ name: String, on track: Int, _ details: JSONObject = [:]) {
        state.withLock { state in
            let isKept = state.count < maximumEvents
            if isKept { write(name, "B", track, details, &state) }
            state.open[track, default: []].append(isKept ? name : "")
        }
    }

    /// Ends the innermost slice of a track.
    func end(on track: Int, _ details: JSONObject = [:]) {
        state.withLock { end(track, details, &$0) }
    }

    /// Ends the innermost slices of a track.
    ///
    /// - Parameter depth: The number of slices that stay open.
    func end(on track: Int, leaving depth: Int) {
        state.withLock { state in
            while let count = state.open[track]?.count, count > depth { end(track, [:], &state) }
        }
    }

    /// Adds an event without a duration to a track.
    func mark(_ name: String, on track: Int, _ details: JSONObject = [:]) {
        state.withLock { state in
            if state.count < maximumEvents { write(name, "i", track, details, &state) }
        }
    }

    /// Ends all slices and the array.
    ///
    /// Later events are ignored.
    func finish() {
        state.withLock { state in
            for track in state.open.keys.sorted() {
                while state.open[track]?.isEmpty == false { end(track, [:], &state) }
            }
            append("\n]\n", &state)
            state.isFinished = true
        }
    }

    private func end(_ track: Int, _ details: JSONObject, _ state: inout State) {
        guard let name = state.open[track]?.popLast(), !name.isEmpty else { return }
        write(name, "E", track, details, &state)
    }

    /// Writes an event.
    ///
    /// - Parameter phase: The type of the event: `B` and `E` for the begin and end of a slice, `i` for an instant, `M` for
    ///   a name.
    private func write(_ name: String, _ phase: String, _ track: Int, _ details: JSONObject, _ state: inout State) {
        var event: JSONObject = ["name": .string(String(name.prefix(Self.textLimit))), "ph": .string(phase)]
        if phase != "M" {
            // The clock is read while the file is locked, so that the times are in order.
            state.lastTime = max(state.lastTime, ContinuousClock.now - start)
            event["ts"] = .double(state.lastTime / .microseconds(1))
        }
        event["pid"] = 1
        event["tid"] = .int(track)
        if phase == "i" { event["s"] = "t" }
        if !details.isEmpty { event["args"] = .object(details) }
        append((state.count == 0 ? "[\n" : ",\n") + JSON.object(event).text(), &state)
        state.count += 1
    }

    private func append(_ text: String, _ state: inout State) {
        guard !state.isFinished, state.failure == nil else { return }
        do throws(OutputFileError) {
            try file.write(Array(text.utf8))
        } catch {
            state.failure = "The trace is not complete: the file \(error)."
        }
    }
}
