// Tools and their failures are of the same types for whoever makes them and for whoever runs them.
@_exported import ToolContract
@_exported import enum ToolSandbox.SandboxMode
@_exported import struct ToolSandbox.SandboxReport
