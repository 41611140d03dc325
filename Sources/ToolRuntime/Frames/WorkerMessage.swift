/// A message from a worker to its host, which checks all of it.
package enum WorkerMessage: Sendable, Hashable {
    /// The first message: the version of the protocol that the worker uses.
    case hello(version: String)
    /// The restrictions that the kernel enforces on the process: the sandbox report as JSON.
    case confined([UInt8])
    /// The plugin has registered.
    case registered(PluginRegistration)
    /// The file cannot be used: the code and message of a ``PluginError``.
    case refused(code: String, String)
    /// A log message of the plugin, with its severity.
    case log(Int32, String)
    /// A contract violation by the plugin, as a sentence.
    case violation(String)
    /// A piece of a call's result. It continues the piece before it if both are of one write.
    case output(UInt64, mediaType: String, [UInt8], continues: Bool)
    /// A report of progress of a call.
    case progress(UInt64, Double?, String)
    /// The end of a call.
    case ended(UInt64, WorkerCallEnd)
    /// The tool's `execute` has returned. If the call is released, the plugin may not use it any more.
    case returned(UInt64, isReleased: Bool)
    /// The plugin completed the call after its `execute` had returned, and may not use it any more.
    case released(UInt64)
    /// A question with a number: the addresses of a host name.
    case resolve(UInt64, String)
    /// True if the plugin holds handles for later calls, so that the process must not be closed when it is idle.
    case holdsHandles(Bool)
}

/// The version of the protocol between a host and its workers, which come from the same build.
package let workerProtocolVersion = "3"

/// The maximum number of questions of one worker that wait for a reply.
package let maximumOpenQuestions = 16

extension WorkerMessage {
    /// The message in frames.
    package var frames: [Frame] {
        var writer = PayloadWriter()
        switch self {
        case .hello(let version):
            writer.text(version)
            return [Frame(.hello, writer.payload)]
        case .confined(let report):
            return [Frame(.confined, report)]
        case .registered(let registration):
            registration.write(to: &writer)
            return Frame.split(.registered, writer.payload)
        case .refused(let code, let message):
            writer.text(code, limit: TextLimit.word)
            writer.text(message, limit: TextLimit.sentence)
            return [Frame(.refused, writer.payload)]
        case .log(let level, let message):
            writer.integer(level)
            writer.text(message, limit: TextLimit.line)
            return [Frame(.log, writer.payload)]
        case .violation(let sentence):
            writer.text(sentence, limit: TextLimit.note)
            return [Frame(.violation, writer.payload)]
        case .output(let call, let mediaType, let bytes, let continues):
            // Each frame is a complete message, so that the calls can alternate and nothing must be assembled.
            let room = Frame.maximumPayload - 1024
            let starts = bytes.isEmpty ? [0] : Array(stride(from: 0, to: bytes.count, by: room))
            return starts.map { start in
                var writer = PayloadWriter()
                writer.flag(continues || start > 0)
                writer.text(mediaType, limit: TextLimit.word)
                writer.remainder(bytes[start..<min(start + room, bytes.count)])
                return Frame(.output, call: call, writer.payload)
            }
        case .progress(let call, let fraction, let message):
            writer.integer((fraction ?? -1).bitPattern)
            writer.text(message, limit: TextLimit.note)
            return [Frame(.progress, call: call, writer.payload)]
        case .ended(let call, let end):
            end.write(to: &writer)
            return [Frame(.ended, call: call, writer.payload)]
        case .returned(let call, let isReleased):
            writer.flag(isReleased)
            return [Frame(.returned, call: call, writer.payload)]
        case .released(let call):
            return [Frame(.released, call: call)]
        case .resolve(let question, let name):
            writer.text(name, limit: TextLimit.name)
            return [Frame(.resolve, call: question, writer.payload)]
        case .holdsHandles(let holds):
            writer.flag(holds)
            return [Frame(.holdsHandles, writer.payload)]
        }
    }

    /// Reads a message from a frame with a complete payload.
    package init(_ frame: Frame) throws(FrameError) {
        var reader = PayloadReader(frame.payload)
        switch frame.kind {
        case .hello: self = .hello(version: try reader.text(limit: TextLimit.word))
        case .confined: self = .confined(reader.remainder())
        case .registered: self = .registered(try PluginRegistration(&reader))
        case .refused:
            let code = try reader.text(limit: TextLimit.word)
            self = .refused(code: code, try reader.text(limit: TextLimit.sentence))
        case .log: self = .log(try reader.integer(), try reader.text(limit: TextLimit.line))
        case .violation: self = .violation(try reader.text(limit: TextLimit.note))
        case .output:
            let continues = try reader.flag()
            let mediaType = try reader.text(limit: TextLimit.name)
            self = .output(frame.call, mediaType: mediaType, reader.remainder(), continues: continues)
        case .progress:
            let fraction = Double(bitPattern: try reader.integer(UInt64.self))
            self = .progress(frame.call, 0...1 ~= fraction ? fraction : nil, try reader.text(limit: TextLimit.note))
        case .ended: self = .ended(frame.call, try WorkerCallEnd(&reader))
        case .returned: self = .returned(frame.call, isReleased: try reader.flag())
        case .released: self = .released(frame.call)
        case .resolve: self = .resolve(frame.call, try reader.text(limit: TextLimit.name))
        case .holdsHandles: self = .holdsHandles(try reader.flag())
        default: throw FrameError("a frame of kind \(frame.kind), which is not for a host")
        }
        try reader.end()
    }
}
