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
    package var payload: [UInt8]

    /// The length of a frame without its payload.
    package static let headerBytes = 16
    /// The maximum length of the payload of one frame.
    package static let maximumPayload = 256 << 10

    package init(_ kind: Kind, call: UInt64 = 0, more: Bool = false, _ payload: [UInt8] = []) {
        self.kind = kind
        self.call = call
        self.more = more
        self.payload = payload
    }

    /// Returns the frames for a payload of any length.
    package static func split(_ kind: Kind, call: UInt64 = 0, _ payload: [UInt8]) -> [Frame] {
        guard payload.count > maximumPayload else { return [Frame(kind, call: call, payload)] }
        return stride(from: 0, to: payload.count, by: maximumPayload).map { start in
            let end = min(start + maximumPayload, payload.count)
            return Frame(kind, call: call, more: end < payload.count, Array(payload[start..<end]))
        }
    }

    /// Appends the frame in its wire format.
    package func encode(into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + Self.headerBytes + payload.count)
        bytes.append(integer: UInt32(payload.count))
        bytes.append(integer: kind.rawValue)
        bytes.append(integer: more ? UInt16(1) : 0)
        bytes.append(integer: call)
        bytes += payload
    }

    /// The frame in its wire format.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }
}

extension [UInt8] {
    mutating func append(integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }
}
