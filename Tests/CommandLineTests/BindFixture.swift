import Foundation
import TestSupport
import ToolJSON

/// A compiled library with its header, and runs of `toolhost bind` with it.
struct BindFixture {
    let directory: FixtureDirectory
    /// The path of the library.
    let library: String

    /// Compiles a library of `Tests/Fixtures/Binding`.
    ///
    /// - Parameters:
    ///   - name: The name of the library. `shapes` has a function for everything that headers express or omit.
    ///   - adapt: Changes the text of the header.
    init(_ name: String = "shapes", adapt: (String) -> String = { $0 }) throws {
        let path = "\(FixtureDirectory.sourceDirectory)/Binding/\(name)"
        try self.init(
            named: name,
            header: adapt(String(contentsOfFile: path + ".h", encoding: .utf8)),
            source: String(contentsOfFile: path + ".c", encoding: .utf8)
        )
    }

    /// Compiles a library.
    ///
    /// - Parameters:
    ///   - name: The name of the library and its header.
    ///   - header: The text of the header.
    ///   - source: The source of the library, which includes the header.
    init(named name: String, header: String, source: String) throws {
        directory = try FixtureDirectory()
        try directory.file("\(name).h", header.utf8)
        library = try directory.plugin("lib\(name).so", source, flags: ["-w", "-I", directory.path])
    }

    /// Returns a command with clang in its PATH.
    func command(_ arguments: String...) -> Command {
        var command = Command()
        command.arguments = arguments
        command.environment["PATH"] = ProcessInfo.processInfo.environment["PATH"]
        return command
    }

    /// Returns the draft of the library, with the outcome for each function.
    func draft(_ arguments: String...) throws -> Draft {
        let file = "\(directory.path)/draft.tool.json"
        var command = command("bind", library)
        command.arguments += arguments + ["-o", file, "--force", "--json"]
        let result = try command.run()
        guard result.status == 0 else { throw Command.Failure(description: result.errors) }
        return Draft(
            file: file,
            content: try JSON(parsing: Data(contentsOf: URL(filePath: file))),
            report: try result.json
        )
    }
}

/// A draft from `toolhost bind`.
struct Draft {
    let file: String
    let content: JSON
    /// The output of `--json`.
    let report: JSON

    func tool(_ name: String) -> JSON? { content["tools"]?.array?.first { $0["name"]?.string == name } }

    func questions(_ name: String) -> [String] {
        (tool(name)?["undecided"]?.array ?? []).compactMap(\.string)
    }

    /// Returns the reason why a function was refused, or nil.
    func refusal(_ name: String) -> String? {
        report["refused"]?.array?.first { $0["name"]?.string == name }?["reason"]?.string
    }
}

extension JSON {
    /// Returns the value without all members of a name.
    func removing(_ name: String) -> JSON {
        if let object {
            return .object(JSONObject(object.filter { $0.key != name }.map { ($0.key, $0.value.removing(name)) }))
        }
        return array.map { .array($0.map { $0.removing(name) }) } ?? self
    }
}
