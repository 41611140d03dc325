/// What a host says to a worker.
package enum HostMessage: Sendable, Hashable {
    /// The first message: which file to load, and within which bounds.
    case load(WorkerOrder)
    /// The values of the plugin's configuration keys, and whether it may have host names resolved.
    case configure([String: String], mayResolve: Bool)
    /// Run a tool.
    case call(UInt64, CallOrder)
    /// Stop a call.
    case cancel(UInt64)
    /// The addresses that a question of the worker's asked for; `nil` where there are none.
    case addresses(UInt64, [String]?)
}

/// Which file a worker is to load, and how.
package struct WorkerOrder: Sendable, Hashable {
    /// The real path.
    package var path: String
    /// What the file and its libraries were on disk as the host checked them: ``PluginFile/stamp``.
    package var stamp: [UInt64]
    package var manifestBytes: Int
    package var schemaBytes: Int
    /// What the process is to be confined to: JSON that the sandbox reads.
    package var confinement: [UInt8]

    package init(path: String, stamp: [UInt64], manifestBytes: Int, schemaBytes: Int, confinement: [UInt8]) {
        self.path = path
        self.stamp = stamp
        self.manifestBytes = manifestBytes
        self.schemaBytes = schemaBytes
        self.confinement = confinement
    }
}

/// One call as a worker gets it.
package struct CallOrder: Sendable, Hashable {
    /// The tool's place in the registration.
    package var tool: Int
    package var timeout: Duration
    package var grace: Duration
    package var resultBytes: Int
    /// A JSON object, as text.
    package var arguments: [UInt8]

    package init(tool: Int, timeout: Duration, grace: Duration, resultBytes: Int, arguments: [UInt8]) {
        self.tool = tool
        self.timeout = timeout
        self.grace = grace
        self.resultBytes = resultBytes
        self.arguments = arguments
    }
}

extension HostMessage {
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

    /// Reads a frame whose payload is whole.
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
