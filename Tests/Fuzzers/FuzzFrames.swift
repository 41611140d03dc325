import Glibc
@testable import ToolRuntime

/// Decodes any bytes as the output of a worker, in pieces of a size that the first byte selects.
///
/// Every decoded message must be bounded, and must be the same after it is encoded and decoded again.
@c(LLVMFuzzerTestOneInput)
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = UnsafeBufferPointer(start: start, count: count)
    guard let first = bytes.first.map(Int.init) else { return 0 }
    let content = Array(bytes.dropFirst())
    check(content, pieces: first + 1, keepsPayloads: false)
    check(content, pieces: first + 1, keepsPayloads: true)
    for case .known(let message) in FrameStream(content).messages(limit: limit).all { check(message) }
    // These take up to a thousand times as long, so few inputs select them.
    guard content.reduce(0, { ($0 &+ UInt32($1)) &* 31 }).isMultiple(of: 64) else { return 0 }
    switch first {
    case 0: checkLong(content, longest: 20_000, pieces: 1)
    case 1...6: checkLong(content, longest: Frame.maximumPayload, pieces: (8 << 10) << first)
    case 7...13: checkEncoding(repeated(content, Frame.maximumPayload * (1 + first % 2) + first / 2 - 5))
    case 14...19: checkChannel(content, waiting: (16 << 10) - content.count + first % 3 - 1)
    default: break
    }
    return 0
}

/// The maximum number of bytes of all incomplete messages.
private let limit = 1 << 16

/// Returns some bytes again and again, up to a length.
private func repeated(_ bytes: [UInt8], _ count: Int) -> [UInt8] {
    var result = bytes.isEmpty ? [0] : bytes
    while result.count < count { result += result }
    return Array(result.prefix(count))
}

/// Checks that a stream in pieces has the result of the whole stream, on each way into the decoder.
private func check(_ bytes: [UInt8], pieces size: Int, keepsPayloads: Bool) {
    let whole = FrameStream(bytes)
    for isFilled in [false, true] {
        let cut = FrameStream(bytes, pieces: size, isFilled: isFilled, keepsPayloads: keepsPayloads)
        precondition(cut.frames == whole.frames && cut.error == whole.error, "the pieces of a stream change the result")
    }
}

private func check(_ message: WorkerMessage) {
    var encoded: [UInt8] = []
    message.encode(into: &encoded)
    let again = FrameStream(encoded, pieces: 1000).messages(limit: limit)
    precondition(again.error == nil, "an encoded message cannot be decoded")
    if case .output = message { return }  // It may go in several messages.
    precondition(again.all == [.known(message)], "an encoded message changed")
}

/// Checks a stream that makes the buffer of the decoder grow, move its bytes and shrink.
private func checkLong(_ content: [UInt8], longest: Int, pieces size: Int) {
    var bytes: [UInt8] = []
    for count in [content.count, longest - content.count % 2, 0, longest / 4 + content.count] {
        Frame(.output, call: UInt64(count), repeated(content, count)).encode(into: &bytes)
    }
    check(bytes + content, pieces: size, keepsPayloads: content.count.isMultiple(of: 3))
}

/// Checks that a message that is encoded in place has the bytes of its frames.
private func checkEncoding(_ payload: [UInt8]) {
    var (encoded, expected): ([UInt8], [UInt8]) = ([1], [1])
    Frame.encode(.call, call: 7, into: &encoded) { $0.remainder(payload) }
    var rest = payload[...]
    repeat {
        let piece = rest.prefix(Frame.maximumPayload)
        rest = rest.dropFirst(piece.count)
        expected += Frame(.call, call: 7, more: !rest.isEmpty, piece).encoded
    } while !rest.isEmpty
    precondition(encoded == expected, "a message in place has other bytes than its frames")
    var assembly = MessageAssembly(limit: payload.count)
    let whole = FrameStream(Array(encoded.dropFirst())).frames.compactMap { try? assembly.take($0) }
    precondition(whole == [Frame(.call, call: 7, payload)], "a message in pieces changed")
}

/// Checks that a channel sends all bytes in order when messages fill its memory for waiting ones, or nearly.
private func checkChannel(_ content: [UInt8], waiting: Int) {
    var ends: [Int32] = [-1, -1]
    precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0, "there are no sockets")
    defer { for end in ends { close(end) } }
    let channel = FrameChannel(ends[0])
    channel.beginWatch()
    let messages = [repeated(content.reversed(), waiting), content, [1]]
    for message in messages { channel.send(.high) { $0 += message } }
    channel.flush()
    var received = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(ends[1], &received, received.count, Int32(MSG_DONTWAIT))
    precondition(Array(received.prefix(max(0, count))) == messages.flatMap(\.self), "a channel sent other bytes")
}
