/// A frame of the protocol between a host process and the worker process of a plugin.
///
/// On the wire, all integers are little-endian: the length of the payload (4 bytes), the kind (2), flags (2), the call
/// or 0 (8), then the payload. A payload longer than ``maximumPayload`` is sent in several frames of the same kind and
/// call; all but the last one have the flag 1 for more.
package struct Frame: Sendable, Hashable {
    /// The kinds of messages.
    package enum Kind: UInt16, Sendable, CaseIterable {
        // From a host.
        case load = 1, configure
        case call = 4, cancel, addresses
        // From a worker.
        case hello = 101, confined, registered, refused, log, violation
        case output, progress, ended, returned, released, resolve, holdsHandles

        /// True if a payload of this kind may be sent in several frames.
        var isDivisible: Bool {
            switch self {
            case .load, .configure, .call, .addresses, .registered: true
            default: false
            }
        }
    }

    package var kind: Kind
    /// The number of the call or of the question, or 0.
    package var call: UInt64
    /// True if the payload continues in the next frame of the same kind and call.
    package var more: Bool
    /// The payload, which may share the memory of the stream that it was decoded from.
    package var payload: ArraySlice<UInt8>

    /// The length of a frame without its payload.
    package static let headerBytes = 16
    /// The maximum length of the payload of one frame.
    package static let maximumPayload = 256 << 10

    package init(_ kind: Kind, call: UInt64 = 0, more: Bool = false, _ payload: ArraySlice<UInt8>) {
        self.kind = kind
        self.call = call
        self.more = more
        self.payload = payload
    }

    package init(_ kind: Kind, call: UInt64 = 0, more: Bool = false, _ payload: [UInt8] = []) {
        self.init(kind, call: call, more: more, payload[...])
    }

    /// Appends the frame in its wire format.
    package func encode(into bytes: inout [UInt8]) {
        Self.encodeHeader(kind, call: call, more: more, count: payload.count, into: &bytes)
        bytes += payload
    }

    /// The frame in its wire format.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    private static func encodeHeader(
        _ kind: Kind,
        call: UInt64,
        more: Bool,
        count: Int,
        into bytes: inout [UInt8]
    ) {
        bytes.append(integer: UInt64(count) | UInt64(kind.rawValue) << 32 | (more ? 1 << 48 : 0))
        bytes.append(integer: call)
    }

    /// Appends a message in its wire format, in as many frames as its payload needs.
    ///
    /// - Parameter write: Writes the payload.
    static func encode(
        _ kind: Kind,
        call: UInt64 = 0,
        into bytes: inout [UInt8],
        _ write: (inout PayloadWriter) -> Void
    ) {
        let start = bytes.count
        // The length of the payload is known only after the payload has been written behind the header.
        encodeHeader(kind, call: call, more: false, count: 0, into: &bytes)
        var writer = PayloadWriter(appendingTo: &bytes)
        write(&writer)
        swap(&writer.payload, &bytes)
        let count = bytes.count - start - headerBytes
        guard count > maximumPayload else {
            bytes.withUnsafeMutableBytes {
                $0.storeBytes(of: UInt32(count).littleEndian, toByteOffset: start, as: UInt32.self)
            }
            return
        }
        let payload = Array(bytes[(start + headerBytes)...])
        bytes.removeSubrange(start...)
        for first in stride(from: 0, to: count, by: maximumPayload) {
            let end = min(first + maximumPayload, count)
            Frame(kind, call: call, more: end < count, payload[first..<end]).encode(into: &bytes)
        }
    }
}

extension [UInt8] {
    mutating func append(integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }
}
