// A plugin needs one import only. Plugins and hosts share the types of tools, results and errors.
@_exported import ToolContract
@_exported import ToolJSON
