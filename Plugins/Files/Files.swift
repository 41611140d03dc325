import ToolPlugin

/// List the files and folders in a folder
///
/// - Parameter path: The folder, like notes/2026; the top folder unless given
@Tool(annotations: [.readOnly], examples: [ToolExample(["path": "../outside"], error: .invalidArguments)])
func listFiles(path: String = "", context: ToolContext) throws -> JSON {
    let path = try RelativePath(path)
    return try Listing.report(try Root(context), path)
}

/// Read a text file
///
/// - Parameters:
///   - path: The file, like notes/todo.txt
///   - offset: How many bytes to skip
///   - limit: How many bytes to read at most
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
///   - text: What to look for, exactly as it is written
///   - path: The folder to search, with all below it; the top folder unless given
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
