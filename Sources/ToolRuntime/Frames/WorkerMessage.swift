/// What a worker says to its host, which believes none of it without a check.
package enum WorkerMessage: Sendable, Hashable {
    /// The first message: which version of this protocol the worker speaks.
    case hello(version: String)
    /// What the kernel really confines the process to: JSON of the sandbox.
    case confined([UInt8])
    /// The plugin has registered.
    case registered(PluginRegistration)
    /// The file cannot be used; the code is one of ``PluginError/Code``.
    case refused(code: String, String)
    case log(Int32, String)
    /// A breach of the plugin contract.
    case violation(String)
    /// A piece of a call's result; it continues the one before it where they are parts of one write.
    case output(UInt64, mediaType: String, [UInt8], continues: Bool)
    case progress(UInt64, Double?, String)
    /// The call has its answer.
    case ended(UInt64, WorkerCallEnd)
    /// The tool's `execute` has returned; the plugin may still speak of the call unless it is over.
    case returned(UInt64, isOver: Bool)
    /// The plugin has nothing more to say of the call.
    case over(UInt64)
    /// A question, with a number of its own: the addresses of a host name.
    case resolve(UInt64, String)
    /// Whether the plugin keeps something for later calls, so that the process must not end for having nothing to do.
    case keeps(Bool)
}

/// How a call ended in a worker.
package struct WorkerCallEnd: Sendable, Hashable {
    package var reason: CallEnd.Reason
    package var isTruncated: Bool
    package var duration: Duration

    package init(reason: CallEnd.Reason, isTruncated: Bool, duration: Duration) {
        self.reason = reason
        self.isTruncated = isTruncated
        self.duration = duration
    }
}

/// The version of the protocol between a host and its workers: both come from one build.
package let workerProtocolVersion = "3"

/// How many bytes of a text cross; what is longer is cut by who writes it, and by who reads it.
enum TextLimit {
    static let word = 128
    static let name = 256
    static let note = 1 << 10
    static let sentence = 4 << 10
    static let line = 8 << 10
}

/// How many questions of a worker may wait for their answers at the same time.
package let maximumOpenQuestions = 16

extension WorkerMessage {
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
            // Each frame is a piece by itself, so that calls can take turns and nothing has to be put together.
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
        case .returned(let call, let isOver):
            writer.flag(isOver)
            return [Frame(.returned, call: call, writer.payload)]
        case .over(let call):
            return [Frame(.over, call: call)]
        case .resolve(let question, let name):
            writer.text(name, limit: TextLimit.name)
            return [Frame(.resolve, call: question, writer.payload)]
        case .keeps(let keeps):
            writer.flag(keeps)
            return [Frame(.keeps, writer.payload)]
        }
    }

    /// Reads a frame whose payload is whole.
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
        case .returned: self = .returned(frame.call, isOver: try reader.flag())
        case .over: self = .over(frame.call)
        case .resolve: self = .resolve(frame.call, try reader.text(limit: TextLimit.name))
        case .keeps: self = .keeps(try reader.flag())
        default: throw FrameError("a frame of kind \(frame.kind), which is not for a host")
        }
        try reader.end()
    }
}

extension WorkerCallEnd {
    fileprivate func write(to writer: inout PayloadWriter) {
        switch reason {
        case .completed(let status):
            writer.integer(UInt8(0))
            writer.integer(status)
            writer.text("")
        case .timedOut:
            writer.integer(UInt8(1))
            writer.integer(Int32(0))
            writer.text("")
        case .cancelled:
            writer.integer(UInt8(2))
            writer.integer(Int32(0))
            writer.text("")
        case .failed(let sentence):
            writer.integer(UInt8(3))
            writer.integer(Int32(0))
            writer.text(sentence, limit: TextLimit.sentence)
        }
        writer.flag(isTruncated)
        writer.duration(duration)
    }

    fileprivate init(_ reader: inout PayloadReader) throws(FrameError) {
        let number = try reader.integer(UInt8.self)
        let status = try reader.integer(Int32.self)
        let sentence = try reader.text(limit: TextLimit.sentence)
        switch number {
        case 0: reason = .completed(status)
        case 1: reason = .timedOut
        case 2: reason = .cancelled
        case 3: reason = .failed(sentence)
        default: throw FrameError("a call that ended for the unknown reason \(number)")
        }
        isTruncated = try reader.flag()
        duration = try reader.duration()
    }
}
