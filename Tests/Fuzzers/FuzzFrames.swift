import ToolRuntime

/// Takes any bytes as what a worker sends, cut into pieces as the first byte says: whatever the host makes a message of
/// must be bounded, and mean the same when it is sent again.
@c(LLVMFuzzerTestOneInput)
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let first = bytes.first else { return 0 }
    let whole = Stream(bytes.dropFirst(), pieces: .max)
    let cut = Stream(bytes.dropFirst(), pieces: Int(first) + 1)
    precondition(whole.messages == cut.messages && whole.error == cut.error, "it matters how a stream was cut")
    for message in whole.messages {
        guard case .known(let message) = message else { continue }
        check(message)
    }
    return 0
}

/// What a host, or a worker, understands of a stream until it gives up.
private struct Stream {
    enum Message: Equatable {
        case known(WorkerMessage)
        /// What only a worker would understand.
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
                    precondition(frame.payload.count <= Frame.maximumPayload, "a frame is longer than it may be")
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
    let encoded = message.frames.flatMap(\.encoded)
    let again = Stream(encoded, pieces: 1000)
    precondition(again.error == nil, "what was sent again is not understood")
    if case .output = message { return }  // It may go in several messages.
    precondition(again.messages == [.known(message)], "another message was sent again")
}
