/// A message from a host to a worker.
package enum HostMessage: Sendable, Hashable {
    /// The first message: the file to load, with the limits.
    case load(WorkerOrder)
    /// The values of the plugin's configuration keys, and true if the host resolves host names for the plugin.
    case configure([String: String], mayResolve: Bool)
    /// The start of a call.
    case call(UInt64, CallOrder)
    /// The request to stop a call.
    case cancel(UInt64)
    /// The reply to a question of the worker: the addresses of a host name, or nil if it has none.
    case addresses(UInt64, [String]?)
}

extension HostMessage {
    /// The message in frames.
    package var frames: [Frame] {
        var writer = PayloadWriter()
        switch self {
        case .load(let order):
            writer.text(order.path)
            writer.integer(UInt32(order.stamp.count))
            for number in order.stamp { writer.integer(number) }
            writer.integer(UInt64(order.manifestBytes))
            writer.integer(UInt64(order.schemaBytes))
            writer.bytes(order.confinement)
            return Frame.split(.load, writer.payload)
        case .configure(let values, let mayResolve):
            writer.flag(mayResolve)
            writer.integer(UInt32(values.count))
            for (key, value) in values {
                writer.text(key)
                writer.text(value)
            }
            return Frame.split(.configure, writer.payload)
        case .call(let call, let order):
            writer.integer(UInt32(order.tool))
            writer.duration(order.timeout)
            writer.duration(order.grace)
            writer.integer(UInt64(order.resultBytes))
            writer.remainder(order.arguments)
            return Frame.split(.call, call: call, writer.payload)
        case .cancel(let call):
            return [Frame(.cancel, call: call)]
        case .addresses(let question, let addresses):
            writer.flag(addresses != nil)
            writer.integer(UInt32(addresses?.count ?? 0))
            for address in addresses ?? [] { writer.text(address) }
            return Frame.split(.addresses, call: question, writer.payload)
        }
    }

    /// Reads a message from a frame with a complete payload.
    package init(_ frame: Frame) throws(FrameError) {
        var reader = PayloadReader(frame.payload)
        switch frame.kind {
        case .load:
            let path = try reader.text()
            var stamp: [UInt64] = []
            for _ in 0..<min(try reader.integer(UInt32.self), 2048) { stamp.append(try reader.integer()) }
            let order = WorkerOrder(
                path: path,
                stamp: stamp,
                manifestBytes: Int(clamping: try reader.integer(UInt64.self)),
                schemaBytes: Int(clamping: try reader.integer(UInt64.self)),
                confinement: try reader.bytes()
            )
            self = .load(order)
        case .configure:
            let mayResolve = try reader.flag()
            var values: [String: String] = [:]
            for _ in 0..<(try reader.integer(UInt32.self)) {
                let key = try reader.text()
                values[key] = try reader.text()
            }
            self = .configure(values, mayResolve: mayResolve)
        case .call:
            let order = CallOrder(
                tool: Int(try reader.integer(UInt32.self)),
                timeout: try reader.duration(),
                grace: try reader.duration(),
                resultBytes: Int(clamping: try reader.integer(UInt64.self)),
                arguments: reader.remainder()
            )
            self = .call(frame.call, order)
        case .cancel:
            self = .cancel(frame.call)
        case .addresses:
            let isThere = try reader.flag()
            var addresses: [String] = []
            for _ in 0..<(try reader.integer(UInt32.self)) { addresses.append(try reader.text()) }
            self = .addresses(frame.call, isThere ? addresses : nil)
        default:
            throw FrameError("a frame of kind \(frame.kind), which is not for a worker")
        }
        try reader.end()
    }
}
