import ToolPlugin

/// Get the current temperature for a city
///
/// - Parameter city: The name of the city
@Tool(
    annotations: [.readOnly, .idempotent],
    examples: [
        ToolExample(["city": "New York"], result: "22C"), ToolExample(["city": "Atlantis"], result: "Unknown"),
        ToolExample(error: .invalidArguments),
    ]
)
func getTemperature(city: String) -> String {
    ["New York": "22C", "London": "15C", "Tokyo": "18C"][city] ?? "Unknown"
}

/// Get the current weather conditions for a city
///
/// - Parameter city: The name of the city
@Tool(
    annotations: [.readOnly, .idempotent],
    examples: [
        ToolExample(["city": "London"], result: "Rainy"), ToolExample(["city": "Atlantis"], result: "Unknown"),
    ]
)
func getConditions(city: String) -> String {
    ["New York": "Partly cloudy", "London": "Rainy", "Tokyo": "Sunny"][city] ?? "Unknown"
}

@ToolPlugin let weather = PluginDescription(
    "weather",
    version: "0.1.0",
    tools: [getTemperatureTool, getConditionsTool]
)
