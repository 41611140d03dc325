import ArgumentParser
import OllamaClient
import ToolBinding
import ToolHost
import ToolJSON

/// The verb `bind`.
struct BindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Draft tools from the functions of a C library.",
        discussion: """
            Reads the library's header with clang and writes a binding: a file that makes tools of C functions, with \
            no code to write. What a header does not tell (who frees a text, which parameter counts a buffer, how a \
            function says that it failed) is asked in the file under "undecided", with a proposal beside it; a tool \
            or type is offered once that member is gone. Drop the file into a plugin folder to use it.

            EXAMPLES:
              toolhost bind m pow hypot -o math.tool.json
              toolhost bind sqlite3 -o sqlite.tool.json
              toolhost bind ./libgeometry.so --header geometry.h -o geometry.tool.json
            """
    )

    @Argument(help: ArgumentHelp("What the linker calls it (sqlite3), its file's name, or a path.", valueName: "lib"))
    var library: String
    @Argument(help: ArgumentHelp("Only these functions.", valueName: "symbol")) var symbols: [String] = []
    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("Read this header; several are read in this order.", valueName: "file")
    )
    var headers: [String] = []
    @Option(
        name: .customShort("I"),
        help: ArgumentHelp("Look for headers here, too.", valueName: "dir")
    )
    var folders: [String] = []
    @Option(help: ArgumentHelp("The plugin's name.", valueName: "name")) var name: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Write this file, NAME\(BindingFile.suffix).", valueName: "file"))
    var output: String?
    @Flag(help: "Write over a file that is there.") var force = false
    @Flag(help: "Print what became of each function as JSON. Needs -o.") var json = false

    func validate() throws {
        if json, output == nil { throw ValidationError("--json prints to where the binding goes; give -o FILE too.") }
        if let output, !output.hasSuffix(BindingFile.suffix) {
            throw ValidationError("The file's name must end in \(BindingFile.suffix), or it is not found as a plugin.")
        }
    }

    func run() async throws {
        let file = try output.map { path throws(CommandFailure) in try OutputFile(path, replaces: force) }
        var request = BindingDraft.Request(library: library)
        (request.headers, request.folders, request.symbols) = (headers, folders, symbols)
        (request.name, request.destination) = (name, file?.folder)
        let draft: BindingDraft
        do {
            draft = try await BindingDraft(request, path: ProcessEnvironment.all["PATH"] ?? "/usr/bin:/bin")
        } catch {
            throw CommandFailure(error.cause == .notFound ? .usage : .inputOutput, TerminalText(error.message).text)
        }
        if let file {
            try file.write(Array((draft.document.text(.pretty) + "\n").utf8))
        } else {
            Console.output.json(draft.document)
        }
        if json {
            Console.output.json(draft.report)
        } else {
            draft.show(on: .error)
            if let output {
                let command = TerminalText.line("toolhost check \(output)", limit: 400)
                Console.error.line("Decide what is open in the file, if you want more of it, then: \(command)")
            }
        }
    }
}

extension BindingDraft {
    /// What became of the functions, in a few lines.
    fileprivate func show(on console: Console) {
        func line(_ count: Int, _ text: String) {
            let number = String(count)
            console.line(
                TerminalText.line(
                    String(repeating: " ", count: max(0, 6 - number.count)) + number + " " + text,
                    limit: 500
                )
            )
        }
        console.line(TerminalText.line("\(library): \(functionCount) functions", limit: 400))
        line(offered.count, offered.count == 1 ? "tool" : "tools")
        if !undecided.isEmpty {
            let questions = undecided.reduce(0) { $0 + $1.questions.count }
            line(undecided.count, "undecided, with \(questions) questions about them")
        }
        if !types.isEmpty { line(types.count, "types to decide about: \(types.map(\.name).joined(separator: ", "))") }
        for (reason, names) in Dictionary(grouping: refused, by: \.reason).sorted(by: {
            $0.value.count > $1.value.count
        }) {
            let examples = names.prefix(3).map(\.name).joined(separator: ", ")
            line(names.count, "refused: it \(reason) (\(examples)\(names.count > 3 ? ", …" : ""))")
        }
    }

    /// What became of each function, for programs.
    fileprivate var report: JSON {
        [
            "library": .string(library), "functions": .int(functionCount), "tools": .array(offered.map(JSON.string)),
            "undecided": .array(undecided.map(\.json)), "types": .array(types.map(\.json)),
            "refused": .array(refused.map { ["name": .string($0.name), "reason": .string($0.reason)] }),
        ]
    }
}

extension OpenDecision {
    /// For programs.
    var json: JSON { ["name": .string(name), "questions": .array(questions.map(JSON.string))] }
}
