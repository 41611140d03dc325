import Testing
import ToolJSON

/// A check of a trace against the rules of the Trace Event Format.
struct TraceCheck {
    /// The events besides the names of tracks.
    private(set) var events: [JSON] = []
    /// The names of the tracks.
    private(set) var tracks: [Int: String] = [:]
    /// The first violations of the rules.
    private(set) var violations: [String] = []

    /// Checks a whole trace.
    init(_ bytes: [UInt8]) {
        guard let all = try? JSON(parsing: bytes).array else {
            violations = ["the trace is not a JSON array"]
            return
        }
        var times: [Int: Double] = [:]
        var open: [Int: [String]] = [:]
        for (index, event) in all.enumerated() {
            func check(_ condition: Bool, _ rule: String) {
                if !condition { violations.append("event \(index): \(rule): \(event.text().prefix(200))") }
            }
            let name = event["name"]?.string ?? ""
            let track = event["tid"]?.int ?? -1
            let phase = event["ph"]?.string ?? ""
            check(!name.isEmpty, "an event has a name")
            check(event["pid"]?.int == 1 && track >= 0, "an event has a process and a track")
            check(["B", "E", "i", "M"].contains(phase), "the phase is known")
            check(event["args"].map { $0.object != nil } ?? true, "the arguments are an object")
            if phase == "M" {
                check(event["args"]?["name"]?.string?.isEmpty == false, "a track has a name")
                tracks[track] = event["args"]?["name"]?.string
                continue
            }
            events.append(event)
            let time = event["ts"]?.number?.double ?? -1
            check(time >= times[track] ?? 0, "the times of a track do not decrease")
            times[track] = time
            switch phase {
            case "B": open[track, default: []].append(name)
            case "E": check(open[track]?.popLast() == name, "an end matches the innermost begin")
            default: check(event["s"]?.string == "t", "an instant has a scope")
            }
        }
        for (track, names) in open where !names.isEmpty { violations.append("track \(track): open are \(names)") }
    }

    /// The names of the slices that begin on a track, each with the number of slices around it.
    func slices(on track: Int) -> [String] {
        var depth = 0
        var slices: [String] = []
        for event in events where event["tid"]?.int == track {
            if event["ph"] == "B" {
                slices.append(String(repeating: " ", count: depth) + (event["name"]?.string ?? ""))
                depth += 1
            } else if event["ph"] == "E" {
                depth -= 1
            }
        }
        return slices
    }

    /// Returns the details at the ends of the slices of a name.
    func details(_ name: String) -> [JSON] {
        events.filter { $0["ph"] == "E" && $0["name"]?.string == name }.map { $0["args"] ?? .null }
    }
}
