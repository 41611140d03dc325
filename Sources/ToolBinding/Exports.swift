// The open decisions of a binding have the same type when it is drafted and when it is read.
@_exported import struct ToolRuntime.Binding
