public import CToolPlugin
import ToolPlugin

/// Gives the plugin's description to the host.
@c(tool_plugin_register_v1)
public func registerFiles(_ host: UnsafePointer<tool_host_v1>?) -> UnsafePointer<tool_plugin_v1>? {
    plugin.export()
}

private let plugin = PluginDescription(
    name: "files",
    version: "0.1.0",
    manifest: #"{"permissions":{"read":["${root}"]},"config":["root"]}"#,
    tools: [list, read, search]
)

private let list = PluginTool(
    schema: """
        {"name":"list_files","description":"List the files and folders in a folder",\
        "parameters":{"type":"object","properties":{\
        "path":{"type":"string","description":"The folder, like notes/2026; the top folder unless given"}}},\
        "toolhost":{"annotations":{"readOnly":true},"examples":[\
        {"arguments":{"path":"../outside"},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let path = try RelativePath(try call.optionalText("path") ?? "")
    return .json(try Listing.report(try Root(call), path))
}

private let read = PluginTool(
    schema: """
        {"name":"read_file","description":"Read a text file",\
        "parameters":{"type":"object","required":["path"],"properties":{\
        "path":{"type":"string","description":"The file, like notes/todo.txt"},\
        "offset":{"type":"integer","description":"How many bytes to skip; 0 unless given"},\
        "limit":{"type":"integer","description":"How many bytes to read at most, from 16; 65536 unless given"}}},\
        "toolhost":{"annotations":{"readOnly":true},"examples":[\
        {"arguments":{},"error":"TOOL_INVALID_ARGUMENTS"},\
        {"arguments":{"path":"/etc/passwd"},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let path = try RelativePath(try call.text("path"))
    return .text(
        try Reading.text(
            try Root(call),
            path,
            offset: try call.optionalInteger("offset", in: 0...Int.max) ?? 0,
            limit: try call.optionalInteger("limit", in: 16...(1 << 20)) ?? 1 << 16
        )
    )
}

private let search = PluginTool(
    schema: """
        {"name":"search_files","description":"Find the lines of text files that contain a text",\
        "parameters":{"type":"object","required":["text"],"properties":{\
        "text":{"type":"string","description":"What to look for, exactly as it is written"},\
        "path":{"type":"string","description":"The folder to search, with all below it; the top folder unless given"}}},\
        "toolhost":{"annotations":{"readOnly":true},"examples":[\
        {"arguments":{"text":""},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let text = try call.text("text")
    guard !text.isEmpty else { throw ToolFailure.invalidArguments("text: expected some text to look for") }
    let path = try RelativePath(try call.optionalText("path") ?? "")
    return .json(try Search(text: text, call: call).report(try Root(call), path))
}
