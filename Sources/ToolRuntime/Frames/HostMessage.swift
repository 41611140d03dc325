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
    /// Appends the message in its wire format.
    package func encode(into bytes: inout [UInt8]) {
        switch self {
        case .load(let order):
            Frame.encode(.load, into: &bytes) { writer in
                writer.text(order.path)
                writer.integer(UInt32(order.stamp.count))
                for number in order.stamp { writer.integer(number) }
                writer.integer(UInt64(order.manifestBytes))
                writer.integer(UInt64(order.schemaBytes))
                writer.bytes(order.confinement)
                writer.flag(order.interpreter != nil)
                order.interpreter?.write(to: &writer)
            }
        case .configure(let values, let mayResolve):
            Frame.encode(.configure, into: &bytes) { writer in
                writer.flag(mayResolve)
                writer.integer(UInt32(values.count))
                for (key, value) in values {
                    writer.text(key)
                    writer.text(value)
                }
            }
        case .call(let call, let order):
            Frame.encode(.call, call: call, into: &bytes) { writer in
                writer.integer(UInt32(order.tool))
                writer.duration(order.timeout)
                writer.duration(order.grace)
                writer.integer(UInt64(order.resultBytes))
                writer.integer(order.processor)
                writer.remainder(order.arguments)
            }
        case .cancel(let call):
            Frame.encode(.cancel, call: call, into: &bytes) { _ in }
        case .addresses(let question, let addresses):
            Frame.encode(.addresses, call: question, into: &bytes) { writer in
                writer.flag(addresses != nil)
                writer.integer(UInt32(addresses?.count ?? 0))
                for address in addresses ?? [] { writer.text(address) }
            }
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
                confinement: try reader.bytes(),
                interpreter: try reader.flag() ? try InterpreterOrder(&reader) : nil
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
                processor: try reader.integer(UInt32.self),
                arguments: reader.rest()
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
