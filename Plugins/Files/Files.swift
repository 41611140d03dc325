import ToolPlugin

/// List the files and directories in a directory
///
/// - Parameter path: The directory, like notes/2026. Default: the top directory
@Tool(annotations: [.readOnly], examples: [ToolExample(["path": "../outside"], error: .invalidArguments)])
func listFiles(path: String = "", context: ToolContext) throws -> JSON {
    let path = try RelativePath(path)
    return try Listing.report(try Root(context), path)
}

/// Read a text file
///
/// - Parameters:
///   - path: The file, like notes/todo.txt
///   - offset: The number of bytes to skip
///   - limit: The maximum number of bytes to read
@Tool(
    annotations: [.readOnly],
    examples: [
        ToolExample(error: .invalidArguments), ToolExample(["path": "/etc/passwd"], error: .invalidArguments),
    ]
)
func readFile(
    path: String,
    @Bounds(0...) offset: Int = 0,
    @Bounds(16...1_048_576) limit: Int = 65_536,
    context: ToolContext
) throws -> String {
    let path = try RelativePath(path)
    return try Reading.text(try Root(context), path, offset: offset, limit: limit)
}

/// Find the lines of text files that contain a text
///
/// - Parameters:
///   - text: The exact text to search for
///   - path: The directory to search, with all directories in it. Default: the top directory
@Tool(annotations: [.readOnly], examples: [ToolExample(["text": ""], error: .invalidArguments)])
func searchFiles(@Length(1...) text: String, path: String = "", context: ToolContext) throws -> JSON {
    let path = try RelativePath(path)
    return try Search(text: text, context: context).report(try Root(context), path)
}

@ToolPlugin let files = PluginDescription(
    "files",
    version: "0.1.0",
    permissions: ToolPermissions(read: ["${root}"]),
    configuration: ["root"],
    tools: [listFilesTool, readFileTool, searchFilesTool]
)
