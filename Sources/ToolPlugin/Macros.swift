/// Creates a tool from a function: for `getTemperature`, a constant `Tool` named `getTemperatureTool`.
///
/// ```swift
/// /// Get the current temperature for a city
/// ///
/// /// - Parameter city: The name of the city
/// @Tool func getTemperature(city: String) -> String { … }
/// ```
///
/// The description of the tool is the text of the documentation comment. Its parameters are the function's parameters,
/// with the names that they have inside the function. The macro rejects what a tool cannot express.
///
/// - Parameters:
///   - name: The name of the tool: a letter or underscore, then at most 63 letters, digits and underscores. Default:
///     the name of the function in snake case.
///   - description: The description for the model. Default: the text of the documentation comment.
///   - serial: True if the calls of the tool, and of the plugin's other serial tools, run one at a time.
///   - annotations: The effects of a call.
///   - timeout: The deadline of a call, or nil for the host's default.
///   - examples: Calls with their expected results, which ship with the plugin and serve as its tests.
@attached(peer, names: suffixed(Tool))
public macro Tool(
    _ name: String? = nil,
    description: String? = nil,
    serial: Bool = false,
    annotations: ToolAnnotations = [],
    timeout: Duration? = nil,
    examples: [ToolExample] = []
) = #externalMacro(module: "ToolPluginMacros", type: "ToolMacro")

/// Makes a struct, or an enum of strings or integers, a type for arguments.
///
/// The documentation comments of cases and properties are their descriptions for the model.
///
/// ```swift
/// @ToolSchema enum Unit: String {
///     case celsius
///     case fahrenheit
/// }
/// ```
@attached(extension, conformances: ToolValue, names: named(toolSchema), named(init), named(toolValue))
public macro ToolSchema() = #externalMacro(module: "ToolPluginMacros", type: "ToolSchemaMacro")

/// Creates tools from the methods of a type that are marked `@Tool`. All of them share one instance.
///
/// The instance is created with `init()` at the first call. The static property `tools` contains all tools of the type.
///
/// ```swift
/// @ToolSet actor Counter {
///     private var value = 0
///     init() {}
///     @Tool func increase() -> Int { value += 1; return value }
/// }
/// ```
@attached(member, names: named(tools), named(toolSetInstance))
public macro ToolSet() = #externalMacro(module: "ToolPluginMacros", type: "ToolSetMacro")

/// Exports a plugin: adds the entry point that a host calls to load the library.
///
/// ```swift
/// @ToolPlugin let weather = PluginDescription("weather", version: "1.0.0", tools: [getTemperatureTool])
/// ```
///
/// A library has exactly one plugin.
@attached(peer, names: named(toolPluginRegisterV1))
public macro ToolPlugin() = #externalMacro(module: "ToolPluginMacros", type: "ToolPluginMacro")
