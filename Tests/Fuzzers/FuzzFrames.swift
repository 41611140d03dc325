import ToolRuntime

/// Decodes any bytes as the output of a worker, in pieces of a size that the first byte selects.
///
/// Every decoded message must be bounded, and must be the same after it is encoded and decoded again.
@c(LLVMFuzzerTestOneInput)
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let first = bytes.first else { return 0 }
    let whole = Stream(bytes.dropFirst(), pieces: .max)
    let cut = Stream(bytes.dropFirst(), pieces: Int(first) + 1)
    precondition(whole.messages == cut.messages && whole.error == cut.error, "the pieces of a stream change the result")
    for message in whole.messages {
        guard case .known(let message) = message else { continue }
        check(message)
    }
    return 0
}

/// The messages that a host or a worker decodes from a stream before the first error.
private struct Stream {
    enum Message: Equatable {
        case known(WorkerMessage)
        /// A message that only a worker decodes.
        case foreign(HostMessage)
    }

    private(set) var messages: [Message] = []
    private(set) var error: FrameError?

    private static let limit = 1 << 16

    init(_ bytes: some Collection<UInt8>, pieces size: Int) {
        var decoder = FrameDecoder()
        var assembly = MessageAssembly(limit: Self.limit)
        var rest = bytes[...]
        do throws(FrameError) {
            while !rest.isEmpty {
                let piece = rest.prefix(size)
                rest = rest.dropFirst(piece.count)
                decoder.append(piece)
                while let frame = try decoder.next() {
                    precondition(frame.payload.count <= Frame.maximumPayload, "a frame exceeds the maximum length")
                    guard let whole = try assembly.take(frame) else { continue }
                    precondition(whole.payload.count <= Self.limit + Frame.maximumPayload, "a message is too long")
                    if whole.kind.rawValue < 100 {
                        messages.append(.foreign(try HostMessage(whole)))
                    } else {
                        messages.append(.known(try WorkerMessage(whole)))
                    }
                }
            }
        } catch {
            self.error = error
        }
    }
}

private func check(_ message: WorkerMessage) {
    var encoded: [UInt8] = []
    message.encode(into: &encoded)
    let again = Stream(encoded, pieces: 1000)
    precondition(again.error == nil, "an encoded message cannot be decoded")
    if case .output = message { return }  // It may go in several messages.
    precondition(again.messages == [.known(message)], "an encoded message changed")
}
