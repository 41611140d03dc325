import Foundation
import Testing
import ToolJSON
import ToolRuntime

/// Tests of the guide to the binding format against the parser.
@Suite("The guide to bindings")
struct BindingFormatTests {
    /// A binding with an unknown member at one place, and the heading of the guide that describes the others there.
    struct Place: Sendable, CustomTestStringConvertible {
        let name: String
        let heading: String
        let binding: String

        var testDescription: String { name }

        init(_ name: String, _ heading: String, _ members: String) {
            (self.name, self.heading) = (name, heading)
            binding =
                members.hasPrefix("{")
                ? members
                : #"{"toolhost": 1, "plugin": {"name": "a"}, "library": "libm.so.6", \#(members)}"#
        }

        /// A binding with an unknown member in a parameter.
        static func parameter(_ name: String, _ members: String, _ heading: String = "A parameter") -> Place {
            tool(name, #""parameters": [{"name": "a", \#(members)}]"#, heading)
        }

        static func tool(_ name: String, _ members: String, _ heading: String) -> Place {
            Place(name, heading, #""tools": [{"name": "a", "description": "", \#(members)}]"#)
        }
    }

    static let places = [
        Place("the file", "The file", #"{"toolhost": 1, "unknown": 1}"#),
        Place("the plugin", "The file", #"{"toolhost": 1, "plugin": {"unknown": 1}}"#),
        Place("an enumeration", "Types", #""types": {"a": {"enum": "i32", "unknown": 1}}"#),
        Place("a structure", "Types", #""types": {"a": {"struct": [], "unknown": 1}}"#),
        Place("a field", "Types", #""types": {"a": {"struct": [{"unknown": 1}]}}"#),
        Place("a handle", "Types", #""types": {"a": {"handle": null, "unknown": 1}}"#),
        .tool("a tool", #""unknown": 1"#, "A tool"),
        .parameter("a parameter", #""type": "i32", "unknown": 1"#),
        .parameter("an output", #""type": "i32", "out": true, "unknown": 1"#),
        .parameter("a constant", #""type": "i32", "value": 1, "unknown": 1"#),
        .parameter("a count", #""type": "i32", "count_of": "a", "unknown": 1"#),
        .parameter("a function that is called back", #""collect": {}, "unknown": 1"#),
        .parameter("a capacity", #""type": "text", "out": true, "capacity": {"unknown": 1}"#),
        .parameter("a collector", #""collect": {"unknown": 1}"#, "A callback"),
        .parameter(
            "its parameter",
            #""collect": {"parameters": [{"name": "b", "unknown": 1}]}"#,
            "A callback"
        ),
        .parameter(
            "its element",
            #""collect": {"parameters": [], "element": {"unknown": 1}}"#,
            "A callback"
        ),
        .tool("a result", #""returns": {"type": "i32", "unknown": 1}"#, "The result"),
        .tool("a failure", #""returns": {"type": "i32", "fails": {"unknown": 1}}"#, "The result"),
        .tool("a message", #""returns": {"type": "i32", "message": {"unknown": 1}}"#, "The result"),
    ]

    @Test("the guide describes every member of a binding in the section where it belongs", arguments: places)
    func hasMembers(place: Place) throws {
        let fault = try #require(Self.fault(place.binding))
        let list = try #require(fault.firstRange(of: "unknown is unknown here; known are "), "\(fault)").upperBound
        let members = fault[list...].dropLast().split(separator: ", ")
        #expect(!members.isEmpty)
        let section = try Self.section(place.heading)
        for member in members {
            let isDescribed = section.contains("`\(member)`") || section.contains("\"\(member)\"")
            #expect(isDescribed, "\(member) is not described under \(place.heading)")
        }
    }

    @Test("the guide describes every type")
    func hasTypes() throws {
        let fault = try #require(
            Self.fault(
                #"{"toolhost": 1, "plugin": {}, "library": "a", "tools": [{"name": "a", "description": "", "returns": "x"}]}"#
            )
        )
        let types = try #require(fault.split(separator: "known are ").last).dropLast().split(separator: ", ")
        let section = try Self.section("Types")
        for type in types where type != "void" { #expect(section.contains("`\(type)`"), "\(type)") }
    }

    private static func fault(_ binding: String) -> String? {
        do {
            return try Binding(parsing: Array(binding.utf8)).faults.first
        } catch {
            return error.message
        }
    }

    private static func section(_ heading: String) throws -> Substring {
        let guide = URL(filePath: #filePath)
            .appending(path: "../../../../Documentation/BindingFormat.md").standardized
        let text = try String(contentsOf: guide, encoding: .utf8)
        let parts = text.split(separator: "\n## ")
        return try #require(parts.first { $0.hasPrefix("\(heading)\n") }, "no section \(heading)")
    }
}
