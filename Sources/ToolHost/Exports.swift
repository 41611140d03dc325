// Programs that use a host need these types of its parts: tools, errors and sandbox reports.
@_exported import ToolContract
@_exported import struct ToolRuntime.PluginError
@_exported import struct ToolRuntime.Remedy
@_exported import enum ToolSandbox.SandboxMode
@_exported import struct ToolSandbox.SandboxReport
