/// One message between a host and the worker process that holds a plugin.
///
/// On the wire, all integers little-endian: the payload's length (4 bytes), the kind (2), flags (2), the call it is about
/// or 0 (8), then the payload. A payload longer than ``maximumPayload`` goes in several frames of the same kind and call,
/// all but the last of which say that more follows.
package struct Frame: Sendable, Hashable {
    package enum Kind: UInt16, Sendable, CaseIterable {
        // What a host says.
        case load = 1, configure, arguments, call, cancel, addresses
        // What a worker says.
        case hello = 101, confined, registered, refused, log, violation
        case output, progress, ended, returned, over, resolve, keeps

        /// Whether a payload of this kind may go in several frames.
        var isDivisible: Bool {
            switch self {
            case .load, .configure, .arguments, .call, .addresses, .registered: true
            default: false
            }
        }
    }

    package var kind: Kind
    package var call: UInt64
    package var more: Bool
    package var payload: [UInt8]

    package static let headerBytes = 16
    package static let maximumPayload = 256 << 10

    package init(_ kind: Kind, call: UInt64 = 0, more: Bool = false, _ payload: [UInt8] = []) {
        self.kind = kind
        self.call = call
        self.more = more
        self.payload = payload
    }

    /// The frames of a payload of any length.
    package static func split(_ kind: Kind, call: UInt64 = 0, _ payload: [UInt8]) -> [Frame] {
        guard payload.count > maximumPayload else { return [Frame(kind, call: call, payload)] }
        return stride(from: 0, to: payload.count, by: maximumPayload).map { start in
            let end = min(start + maximumPayload, payload.count)
            return Frame(kind, call: call, more: end < payload.count, Array(payload[start..<end]))
        }
    }

    /// Appends the frame as it goes over the wire.
    package func encode(into bytes: inout [UInt8]) {
        bytes.reserveCapacity(bytes.count + Self.headerBytes + payload.count)
        bytes.append(integer: UInt32(payload.count))
        bytes.append(integer: kind.rawValue)
        bytes.append(integer: more ? UInt16(1) : 0)
        bytes.append(integer: call)
        bytes += payload
    }

    /// The frame as it goes over the wire.
    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }
}

/// Why what the other side sends cannot be understood: a sentence.
package struct FrameError: Error, Sendable, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

extension [UInt8] {
    mutating func append(integer: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: integer.littleEndian) { append(contentsOf: $0) }
    }
}
