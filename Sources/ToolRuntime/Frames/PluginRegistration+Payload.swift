extension PluginRegistration {
    /// The maximum number of bytes that the worker adds to the schema of a native tool.
    private static let completion = 64 << 10

    /// Checks the lengths again in the host: the plugin can write messages in the name of its worker.
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
    /// Writes the registration as a payload.
    package func write(to writer: inout PayloadWriter) {
        writer.bytes(manifest)
        writer.integer(UInt32(tools.count))
        for tool in tools {
            writer.bytes(tool.schema)
            writer.text(tool.fault ?? "", limit: TextLimit.sentence)
            writer.flag(tool.isConcurrent)
        }
    }

    /// Reads a registration from a payload.
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
