import Terminal
import ToolAgent
import ToolHost
import ToolJSON

extension TestCommand {
    /// Replays a recording, in which the chosen tools run.
    func runReplay(
        _ recording: Recording,
        from path: String,
        _ tools: [RegisteredTool],
        in host: ToolHost
    ) async throws {
        let replay = Replay(recording, running: Set(tools.map(\.name)))
        var problem: CommandError?
        do {
            try await Interrupts.cancelling { try await replay.run(in: host) { _ in } }
        } catch let error as AgentError {
            problem = RecordingOptions.misfit(path, error)
        } catch is CancellationError {
            throw CommandError(.interrupted, "cancelled")
        }
        let calls = replay.calls
        let updates = calls.filter { !$0.isSame }
        let failed = update ? 0 : calls.count { fails($0) }
        if json {
            Console.output.json([
                "passed": .int(calls.count - failed), "failed": .int(failed),
                "different": .int(updates.count), "from_recording": .int(replay.replayedCount),
                "calls": .array(calls.map { $0.json(passed: update || !fails($0)) }),
            ])
        } else {
            for call in calls { show(call) }
            Console.output.line(
                "\(calls.count - failed) passed, \(failed) failed, \(replay.replayedCount) from the recording"
            )
        }
        if let problem { throw problem }
        if calls.isEmpty {
            throw CommandError(.pluginFailed, "Nothing was tested: the recording has no call of the chosen tools.")
        }
        if update, !updates.isEmpty {
            try write(replay, to: path)
            if !json { Console.error.line("\(updates.count.counted("result")) updated in \(path, limit: 400)") }
        }
        if failed > 0 { throw CommandError(.toolError) }
    }

    private func fails(_ call: ReplayedCall) -> Bool { exact ? !call.isSame : !call.hasSameStatus }

    private func write(_ replay: Replay, to path: String) throws(CommandError) {
        let bytes: [UInt8]
        do throws(AgentError) {
            bytes = try replay.updatedRecording()
        } catch {
            throw RecordingOptions.misfit(path, error)
        }
        do throws(OutputFileError) {
            try PrivateOutputFile.replace(path, with: bytes)
        } catch {
            throw CommandError(.inputOutput, "\(path, limit: 400) \(error.reason, limit: 400).")
        }
    }

    private func show(_ call: ReplayedCall) {
        let name: TerminalLine = "\(call.tool) line \(call.line)"
        guard !call.isSame else {
            return Console.output.line("\(Console.output.styled("ok", .green))    \(name)")
        }
        let mark =
            update
            ? Console.output.styled("new", .yellow)
            : fails(call) ? Console.output.styled("FAIL", .red) : Console.output.styled("diff", .yellow)
        let old: TerminalLine = "\(call.status.recorded.rawValue): \(call.text.recorded, limit: 400)"
        let new: TerminalLine = "\(call.status.new.rawValue): \(call.text.new, limit: 400)"
        Console.output.line("\(mark)  \(name)")
        Console.output.line("      recorded  \(old)")
        Console.output.line("      now       \(new)")
    }
}

extension ReplayedCall {
    /// True if the new result is the recorded one.
    fileprivate var isSame: Bool { hasSameStatus && hasSameContent }

    /// The call as JSON.
    fileprivate func json(passed: Bool) -> JSON {
        func result(_ status: ToolStatus, _ text: String) -> JSON {
            ["status": .string(status.rawValue), "text": .string(text)]
        }
        return [
            "tool": .string(tool), "line": .int(line), "passed": .bool(passed), "same": .bool(isSame),
            "recorded": result(status.recorded, text.recorded), "now": result(status.new, text.new),
        ]
    }
}
