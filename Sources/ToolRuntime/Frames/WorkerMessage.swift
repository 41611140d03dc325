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
package let workerProtocolVersion = "4"

/// The maximum number of questions of one worker that wait for a reply.
package let maximumOpenQuestions = 16

extension WorkerMessage {
    /// Appends the message in its wire format.
    package func encode(into bytes: inout [UInt8]) {
        switch self {
        case .hello(let version): Frame.encode(.hello, into: &bytes) { $0.text(version) }
        case .confined(let report): Frame.encode(.confined, into: &bytes) { $0.remainder(report) }
        case .registered(let registration): Frame.encode(.registered, into: &bytes) { registration.write(to: &$0) }
        case .refused(let code, let message):
            Frame.encode(.refused, into: &bytes) { writer in
                writer.text(code, limit: TextLimit.word)
                writer.text(message, limit: TextLimit.sentence)
            }
        case .log(let level, let message):
            Frame.encode(.log, into: &bytes) { writer in
                writer.integer(level)
                writer.text(message, limit: TextLimit.line)
            }
        case .violation(let sentence):
            Frame.encode(.violation, into: &bytes) { $0.text(sentence, limit: TextLimit.note) }
        case .output(let call, let mediaType, let content, let continues):
            content.withUnsafeBytes {
                Self.encodeOutput(of: call, mediaType, $0, continues: continues, into: &bytes)
            }
        case .progress(let call, let fraction, let message):
            Frame.encode(.progress, call: call, into: &bytes) { writer in
                writer.integer((fraction ?? -1).bitPattern)
                writer.text(message, limit: TextLimit.note)
            }
        case .ended(let call, let end): Frame.encode(.ended, call: call, into: &bytes) { end.write(to: &$0) }
        case .returned(let call, let isReleased):
            Frame.encode(.returned, call: call, into: &bytes) { $0.flag(isReleased) }
        case .released(let call): Frame.encode(.released, call: call, into: &bytes) { _ in }
        case .resolve(let question, let name):
            Frame.encode(.resolve, call: question, into: &bytes) { $0.text(name, limit: TextLimit.name) }
        case .holdsHandles(let holds): Frame.encode(.holdsHandles, into: &bytes) { $0.flag(holds) }
        }
    }

    /// Appends a piece of a call's result in its wire format.
    ///
    /// Each frame is a complete message, so that the calls can alternate and nothing must be assembled.
    static func encodeOutput(
        of call: UInt64,
        _ mediaType: String,
        _ content: UnsafeRawBufferPointer,
        continues: Bool = false,
        into bytes: inout [UInt8]
    ) {
        var start = 0
        repeat {
            let end = min(start + Frame.maximumPayload - 1024, content.count)
            Frame.encode(.output, call: call, into: &bytes) { writer in
                writer.flag(continues || start > 0)
                writer.text(mediaType, limit: TextLimit.word)
                writer.remainder(content[start..<end])
            }
            start = end
        } while start < content.count
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
