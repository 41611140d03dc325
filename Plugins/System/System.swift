public import CToolPlugin
import ToolPlugin

/// Gives the plugin's description to the host.
@c(tool_plugin_register_v1)
public func registerSystem(_ host: UnsafePointer<tool_host_v1>?) -> UnsafePointer<tool_plugin_v1>? {
    plugin.export()
}

private let plugin = PluginDescription(
    name: "system",
    version: "0.1.0",
    manifest: #"{"permissions":{"read":["/proc"]}}"#,
    tools: [memory, disks, load, processes]
)

private let memory = PluginTool(
    schema: """
        {"name":"get_memory","description":"Get how much memory and swap this computer has, and how much is free",\
        "parameters":{"type":"object","properties":{}},"toolhost":{"annotations":{"readOnly":true}}}
        """
) { _ in .json(try Memory.report()) }

private let disks = PluginTool(
    schema: """
        {"name":"get_disks","description":"Get the size and the free space of this computer's disks",\
        "parameters":{"type":"object","properties":{}},"toolhost":{"annotations":{"readOnly":true}}}
        """
) { _ in .json(try Disks.report()) }

private let load = PluginTool(
    schema: """
        {"name":"get_load","description":"Get how busy this computer is: load averages, processors and uptime",\
        "parameters":{"type":"object","properties":{}},"toolhost":{"annotations":{"readOnly":true}}}
        """
) { _ in .json(try Load.report()) }

private let processes = PluginTool(
    schema: """
        {"name":"list_processes","description":"List the running processes that use the most memory or processor time",\
        "parameters":{"type":"object","properties":{\
        "sort":{"type":"string","enum":["memory","cpu"],"description":"What to sort by; memory unless given"},\
        "limit":{"type":"integer","description":"How many to list, from 1 to 100; 10 unless given"}}},\
        "toolhost":{"annotations":{"readOnly":true},"examples":[\
        {"arguments":{"sort":"colour"},"error":"TOOL_INVALID_ARGUMENTS"},\
        {"arguments":{"limit":0},"error":"TOOL_INVALID_ARGUMENTS"}]}}
        """
) { call in
    let key = try call.optionalText("sort") ?? "memory"
    guard let order = Processes.Order(rawValue: key) else {
        throw ToolFailure.invalidArguments("sort: expected memory or cpu, got \(key.prefix(40))")
    }
    return .json(try Processes.report(order, limit: try call.optionalInteger("limit", in: 1...100) ?? 10))
}
