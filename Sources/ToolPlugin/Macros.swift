/// Makes a tool of a function: `getTemperature` gets a ``Tool`` beside it, called `getTemperatureTool`.
///
/// ```swift
/// /// Get the current temperature for a city
/// ///
/// /// - Parameter city: The name of the city
/// @Tool func getTemperature(city: String) -> String { … }
/// ```
///
/// The tool's description is the text of the documentation comment, and its arguments are the function's parameters, by
/// the names that they have inside of it. What the macro cannot express is an error at the place where it stands.
///
/// - Parameters:
///   - name: The tool's name; the function's in snake case, unless given.
///   - description: What it does; the text of the comment, unless given.
///   - serial: Whether its calls, and those of the plugin's other serial tools, wait for one another.
///   - annotations: The effects it has.
///   - timeout: A deadline of its own.
///   - examples: Calls with their expected ends, which `toolhost test` runs.
@attached(peer, names: suffixed(Tool))
public macro Tool(
    _ name: String? = nil,
    description: String? = nil,
    serial: Bool = false,
    annotations: ToolAnnotations = [],
    timeout: Duration? = nil,
    examples: [ToolExample] = []
) = #externalMacro(module: "ToolPluginMacros", type: "ToolMacro")

/// Makes an enum of texts or integers, or a struct, a type that arguments can have.
///
/// The documentation comments of cases and properties are what a model is told of them.
@attached(extension, conformances: ToolValue, names: named(toolSchema), named(init), named(toolValue))
public macro ToolSchema() = #externalMacro(module: "ToolPluginMacros", type: "ToolSchemaMacro")

/// Makes tools of the methods of a type that are marked `@Tool`, all of them of one instance.
///
/// The instance is made with `init()` when the first call comes. The type's `tools` are all of its tools.
@attached(member, names: named(tools), named(toolSetInstance))
public macro ToolSet() = #externalMacro(module: "ToolPluginMacros", type: "ToolSetMacro")

/// Exports a plugin: the one line that makes a library of tools one that a host can load.
///
/// ```swift
/// @ToolPlugin let weather = PluginDescription("weather", version: "1.0.0", tools: [getTemperatureTool])
/// ```
///
/// A library has one.
@attached(peer, names: named(toolPluginRegisterV1))
public macro ToolPlugin() = #externalMacro(module: "ToolPluginMacros", type: "ToolPluginMacro")
