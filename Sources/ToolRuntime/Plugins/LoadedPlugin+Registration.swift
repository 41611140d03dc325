extension LoadedPlugin {
    /// The description of the plugin and its tools.
    package var registration: PluginRegistration {
        PluginRegistration(
            manifest: manifest,
            tools: tools.map {
                PluginRegistration.Tool(schema: $0.schema, fault: $0.fault, isConcurrent: $0.isConcurrent)
            }
        )
    }
}
