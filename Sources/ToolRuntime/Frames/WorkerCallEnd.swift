/// The end of a call in a worker.
///
/// The host has its output by then.
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

extension WorkerCallEnd {
    func write(to writer: inout PayloadWriter) {
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

    init(_ reader: inout PayloadReader) throws(FrameError) {
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
