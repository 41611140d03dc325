import Testing
@testable import ToolHost
import ToolRuntime
@Suite struct ZZSizes { @Test func sizes() { print("SIZES", MemoryLayout<PluginEntry>.stride, MemoryLayout<PluginReport>.stride, MemoryLayout<PluginAccess>.stride, MemoryLayout<PluginPermissions>.stride, MemoryLayout<WorkerPlugin.State>.stride, MemoryLayout<WorkerSettings>.stride, MemoryLayout<PluginFile>.stride, MemoryLayout<PluginCandidate>.stride, MemoryLayout<RegisteredTool>.stride, MemoryLayout<ToolLimits>.stride, MemoryLayout<PluginManifest>.stride, MemoryLayout<PluginCache.Entry>.stride) } }
