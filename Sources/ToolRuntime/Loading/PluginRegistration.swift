/// What a plugin said of itself when it registered: bounded, otherwise unchecked.
package struct PluginRegistration: Sendable, Hashable {
    /// One tool.
    package struct Tool: Sendable, Hashable {
        /// Its schema, as JSON.
        package var schema: [UInt8]
        /// Why it cannot be called, if it cannot.
        package var fault: String?
        /// Whether it may run beside the plugin's other tools.
        package var isConcurrent: Bool

        package init(schema: [UInt8], fault: String?, isConcurrent: Bool) {
            self.schema = schema
            self.fault = fault
            self.isConcurrent = isConcurrent
        }
    }

    /// Its manifest, as JSON.
    package var manifest: [UInt8]

    /// Its tools, in its own order.
    package var tools: [Tool]

    package init(manifest: [UInt8], tools: [Tool]) {
        self.manifest = manifest
        self.tools = tools
    }
}

extension LoadedPlugin {
    /// What the plugin said of itself.
    package var registration: PluginRegistration {
        PluginRegistration(
            manifest: manifest,
            tools: tools.map {
                PluginRegistration.Tool(schema: $0.schema, fault: $0.fault, isConcurrent: $0.isConcurrent)
            }
        )
    }
}

extension PluginRegistration {
    /// What the host adds to a schema on the worker's side, of a C function's type.
    private static let completion = 64 << 10

    /// A worker checks what its plugin registers, and the plugin may write in its name.
    package func check(_ limits: RegistrationLimits) throws(FrameError) {
        guard manifest.count <= limits.manifestBytes else {
            throw FrameError("a manifest of \(manifest.count) bytes")
        }
        for tool in tools where tool.schema.count > limits.schemaBytes + Self.completion {
            throw FrameError("a schema of \(tool.schema.count) bytes")
        }
    }
}

extension PluginRegistration {
    package func write(to writer: inout PayloadWriter) {
        writer.bytes(manifest)
        writer.integer(UInt32(tools.count))
        for tool in tools {
            writer.bytes(tool.schema)
            writer.text(tool.fault ?? "", limit: TextLimit.sentence)
            writer.flag(tool.isConcurrent)
        }
    }

    package init(_ reader: inout PayloadReader) throws(FrameError) {
        manifest = try reader.bytes()
        let count = try reader.integer(UInt32.self)
        tools = []
        guard count <= RegistrationLimits().tools else { throw FrameError("a registration of \(count) tools") }
        for _ in 0..<count {
            let schema = try reader.bytes()
            let fault = try reader.text(limit: TextLimit.sentence)
            tools.append(
                Tool(schema: schema, fault: fault.isEmpty ? nil : fault, isConcurrent: try reader.flag())
            )
        }
    }
}
