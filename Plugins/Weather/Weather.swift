public import CToolPlugin
import ToolPlugin

/// Gives the plugin's description to the host.
@c(tool_plugin_register_v1)
public func registerWeather(_ host: UnsafePointer<tool_host_v1>?) -> UnsafePointer<tool_plugin_v1>? {
    plugin.export()
}

private let plugin = PluginDescription(name: "weather", version: "0.1.0", tools: [temperature, conditions])

private let temperature = PluginTool(
    schema: """
        {"name":"get_temperature","description":"Get the current temperature for a city","parameters":{\
        "type":"object","required":["city"],"properties":{\
        "city":{"type":"string","description":"The name of the city"}}},\
        "toolhost":{"annotations":{"readOnly":true,"idempotent":true},"examples":[\
        {"arguments":{"city":"New York"},"result":"22C"},{"arguments":{"city":"Atlantis"},"result":"Unknown"},\
        {"arguments":{},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let temperatures = ["New York": "22C", "London": "15C", "Tokyo": "18C"]
    return .text(temperatures[try call.text("city")] ?? "Unknown")
}

private let conditions = PluginTool(
    schema: """
        {"name":"get_conditions","description":"Get the current weather conditions for a city","parameters":{\
        "type":"object","required":["city"],"properties":{\
        "city":{"type":"string","description":"The name of the city"}}},\
        "toolhost":{"annotations":{"readOnly":true,"idempotent":true},"examples":[\
        {"arguments":{"city":"London"},"result":"Rainy"},{"arguments":{"city":"Atlantis"},"result":"Unknown"}]}}
        """
) { call in
    let conditions = ["New York": "Partly cloudy", "London": "Rainy", "Tokyo": "Sunny"]
    return .text(conditions[try call.text("city")] ?? "Unknown")
}
