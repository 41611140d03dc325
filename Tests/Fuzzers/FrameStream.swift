import ToolRuntime

/// The frames that are decoded from a stream of bytes before the first error.
struct FrameStream {
    private(set) var frames: [Frame] = []
    private(set) var error: FrameError?

    /// Decodes bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - size: The number of bytes that arrive together.
    ///   - isFilled: True if they are written into the decoder's own memory, as those of a socket are.
    ///   - keepsPayloads: True to keep every payload alive, and with it the memory that it shares with the decoder.
    init(_ bytes: [UInt8], pieces size: Int = .max, isFilled: Bool = false, keepsPayloads: Bool = false) {
        var decoder = FrameDecoder()
        var rest = bytes[...]
        var payloads: [ArraySlice<UInt8>] = []
        do throws(FrameError) {
            while !rest.isEmpty {
                let piece = rest.prefix(size)
                rest = rest.dropFirst(isFilled ? Self.fill(&decoder, piece) : Self.append(&decoder, piece))
                while let frame = try decoder.next() {
                    precondition(frame.payload.count <= Frame.maximumPayload, "a frame exceeds the maximum length")
                    var copy = frame
                    copy.payload = Array(frame.payload)[...]
                    frames.append(copy)
                    if keepsPayloads { payloads.append(frame.payload) }
                }
            }
        } catch {
            self.error = error
        }
        for (payload, frame) in zip(payloads, frames) {
            precondition(payload == frame.payload, "a payload changed while more was decoded")
        }
    }

    private static func append(_ decoder: inout FrameDecoder, _ piece: ArraySlice<UInt8>) -> Int {
        decoder.append(piece)
        return piece.count
    }

    private static func fill(_ decoder: inout FrameDecoder, _ piece: ArraySlice<UInt8>) -> Int {
        precondition(decoder.fill { _ in -1 } == -1, "the result of a failed reading is lost")
        return decoder.fill { room in
            precondition(!room.isEmpty, "there is no room for bytes")
            let count = min(room.count, piece.count)
            room.copyBytes(from: piece.prefix(count))
            return count
        }
    }

    /// The messages in the frames, and the first error in them or in the stream.
    func messages(limit: Int) -> Messages {
        var assembly = MessageAssembly(limit: limit)
        var result = Messages()
        do throws(FrameError) {
            for frame in frames {
                guard let whole = try assembly.take(frame) else { continue }
                precondition(whole.payload.count <= limit + Frame.maximumPayload, "a message is too long")
                if whole.kind.rawValue < 100 {
                    result.all.append(.foreign(try HostMessage(whole)))
                } else {
                    result.all.append(.known(try WorkerMessage(whole)))
                }
            }
            result.error = error
        } catch {
            result.error = error
        }
        return result
    }

    struct Messages: Equatable {
        var all: [Message] = []
        var error: FrameError?
    }

    enum Message: Equatable {
        case known(WorkerMessage)
        /// A message that only a worker decodes.
        case foreign(HostMessage)
    }
}
