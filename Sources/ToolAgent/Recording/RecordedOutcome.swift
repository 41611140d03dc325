import OllamaClient
import ToolJSON

/// The outcome of a response in a recording.
struct RecordedOutcome: Sendable {
    /// The reason for the end, or nil if the response failed.
    let reason: AgentOutcome.StopReason?
    let rounds: Int
    /// The error of a response that failed.
    let failure: JSON

    /// Reads an outcome; nil if it is not valid.
    init?(_ json: JSON) {
        guard let name = json["reason"]?.string else { return nil }
        rounds = json["rounds"]?.int(in: 0...AgentConfiguration.roundsRange.upperBound) ?? 0
        reason = AgentOutcome.StopReason(rawValue: name)
        failure = json
        guard reason != nil || name == "failed" && json["message"]?.string != nil else { return nil }
    }

    /// Returns the record of an outcome.
    static func record(of outcome: Result<AgentOutcome, any Error>) -> JSON {
        switch outcome {
        case .success(let outcome):
            return ["reason": .string(outcome.reason.rawValue), "rounds": .int(outcome.rounds)]
        case .failure(let error):
            var members: JSONObject = ["reason": "failed"]
            for (key, value) in OllamaError.record(of: error) { members[key] = value }
            return .object(members)
        }
    }

    /// Returns the difference from the outcome of a replay, as a sentence, or nil if they are the same.
    func difference(from outcome: Result<AgentOutcome, any Error>) -> String? {
        let recorded = reason?.rawValue ?? "failed"
        switch outcome {
        case .success(let outcome):
            if outcome.reason == reason, outcome.rounds == rounds { return nil }
            return "The recorded outcome is \(recorded) after \(rounds) rounds of calls, and the replay's is "
                + "\(outcome.reason.rawValue) after \(outcome.rounds)."
        case .failure(let error):
            if reason == nil { return nil }
            return "The recorded outcome is \(recorded), and the replay failed: \(String("\(error)".prefix(400)))"
        }
    }
}
