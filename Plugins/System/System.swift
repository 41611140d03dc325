import ToolPlugin

/// Get how much memory and swap this computer has, and how much is free
@Tool(annotations: [.readOnly]) func getMemory() throws -> JSON { try Memory.report() }

/// Get the size and the free space of this computer's disks
@Tool(annotations: [.readOnly]) func getDisks() throws -> JSON { try Disks.report() }

/// Get how busy this computer is: load averages, processors and uptime
@Tool(annotations: [.readOnly]) func getLoad() throws -> JSON { try Load.report() }

/// List the running processes that use the most memory or processor time
///
/// - Parameters:
///   - sort: The measure to sort by
///   - limit: The maximum number of processes
@Tool(
    annotations: [.readOnly],
    examples: [
        ToolExample(["sort": "colour"], error: .invalidArguments), ToolExample(["limit": 0], error: .invalidArguments),
    ]
)
func listProcesses(sort: Processes.Order = .memory, @Bounds(1...100) limit: Int = 10) throws -> JSON {
    try Processes.report(sort, limit: limit)
}

@ToolPlugin let system = PluginDescription(
    "system",
    version: "0.1.0",
    permissions: ToolPermissions(read: ["/proc"]),
    tools: [getMemoryTool, getDisksTool, getLoadTool, listProcessesTool]
)
