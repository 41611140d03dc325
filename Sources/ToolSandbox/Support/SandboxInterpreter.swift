import Glibc
package import ToolJSON

/// A program that takes the place of the worker program, and runs the plugin's files.
package struct SandboxInterpreter: Sendable, Hashable {
    /// The real path of the program.
    package var program: String
    /// The real paths of the files and directories that it reads, such as its standard library.
    package var readable: [String]

    package init(program: String, readable: [String] = []) {
        self.program = program
        self.readable = readable
    }
}

// MARK: - JSON

extension SandboxInterpreter {
    package var json: JSON {
        ["program": .string(program), "readable": .array(readable.map(JSON.string))]
    }

    package init(_ json: JSON) throws(SandboxError) {
        guard let program = json["program"], let readable = json["readable"]?.array,
            readable.count <= SandboxGrants.maximumCount
        else { throw SandboxError("The order's \"interpreter\" has no \"program\" or no valid \"readable\".") }
        self.program = try SandboxGrants.absolutePath(program, "interpreter")
        self.readable = []
        for path in readable { self.readable.append(try SandboxGrants.absolutePath(path, "interpreter")) }
    }
}
