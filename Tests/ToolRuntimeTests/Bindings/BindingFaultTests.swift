import TestSupport
import Testing
import ToolRuntime

/// Tests of the errors about functions of bindings.
@Suite("Errors of a binding")
struct BindingFaultTests {
    private static let types = #"""
        {
          "color": {"enum": "i32", "values": {"red": 0, "green": 1, "blue": 2}},
          "point": {"struct": [{"name": "x", "type": "f64"}, {"name": "color", "type": "color"}], "size": 16},
          "large": {"struct": [{"name": "text", "type": "text", "size": 40000}], "size": 40000},
          "counter": {"handle": "counter_close"}
        }
        """#

    @Test("a function that cannot be called is reported, and the other tools are offered", arguments: BindingFault.all)
    func isReported(fault: BindingFault) throws {
        let directory = try FixtureDirectory()
        let broken =
            #"{"name": "broken", "description": "", "parameters": [\#(fault.parameters)], "returns": \#(fault.returns)}"#
        let sound =
            #"{"name": "exp", "description": "", "parameters": [{"name": "x", "type": "f64"}], "returns": "f64"}"#
        let binding =
            #"{"toolhost": 1, "plugin": {"name": "x"}, "library": "libm.so.6", "types": \#(Self.types), "tools": [\#(broken), \#(sound)]}"#
        let path = try directory.file("x.tool.json", binding.utf8)
        let tools = try LoadedPlugin(loading: PluginFile(checking: path)) { _, _ in }.tools
        #expect(tools.count == 2)
        #expect(tools.first?.fault?.contains(fault.words) == true, "\(tools.first?.fault ?? "no error")")
        #expect(tools.last?.fault == nil)
    }
}
