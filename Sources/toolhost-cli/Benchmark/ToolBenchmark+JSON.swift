import ToolHost
import ToolJSON

extension ToolBenchmark {
    /// The measurements of the tool as JSON.
    func json(_ rows: [Row]) -> JSON {
        var members: JSONObject = [
            "tool": .string(tool.name), "file": tool.provider.file.map(JSON.string) ?? .null,
            "arguments": (try? JSON(parsing: arguments)) ?? .string(arguments),
        ]
        for row in rows { members[row.place == .isolated ? "isolated" : "in_process"] = row.json }
        return .object(members)
    }
}

extension ToolBenchmark.Row {
    fileprivate var json: JSON {
        let calls = LatencySample(timings.map(\.total))
        var members: JSONObject = ["first_call_ns": first.map { .int($0.nanoseconds) } ?? .null]
        members["calls"] = .int(calls.count)
        if let typical = CallTiming.typical(of: timings) {
            for (key, value) in calls.members(callsEach: 1) { members[key] = value }
            members["stages_ns"] = .object(
                JSONObject(typical.stages.map { ($0.name, .int($0.duration.nanoseconds)) })
            )
            members["histogram"] = .array(
                calls.histogram(rows: 10).map { bucket in
                    [
                        "from_ns": .int(bucket.lower.nanoseconds),
                        "below_ns": bucket.upper.map { .int($0.nanoseconds) } ?? .null, "calls": .int(bucket.count),
                    ]
                }
            )
        }
        if !batches.isEmpty {
            let size = BenchmarkLimits.batchSize
            var batch: JSONObject = ["size": .int(size), "batches": .int(batches.count)]
            for (key, value) in LatencySample(batches).members(callsEach: size) { batch[key] = value }
            members["batch"] = .object(batch)
        }
        if let failure {
            members["failure"] = ["status": .string(failure.status.rawValue), "text": .string(failure.text)]
        }
        return .object(members)
    }
}

extension LatencySample {
    /// Returns the statistics as members of a JSON object.
    fileprivate func members(callsEach size: Int) -> JSONObject {
        var members: JSONObject = ["mean_ns": .int(mean.nanoseconds)]
        for percent in [50, 90, 99] { members["p\(percent)_ns"] = .int(percentile(percent).nanoseconds) }
        members["calls_per_second"] = .double((rate(callsEach: size) * 10).rounded() / 10)
        return members
    }
}
