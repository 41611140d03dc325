import ArgumentParser
import ToolBinding
import ToolHost
import ToolJSON

/// The verb `bind`.
struct BindCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bind",
        abstract: "Draft tools from the functions of a C library.",
        usage: """
            toolhost bind <lib> [<symbol> ...] [--header <file> ...] [-I <dir> ...]
                   [--name <name>] [--output <file>] [--force] [--json]
            """,
        discussion: """
            Reads the header of a library with clang, and writes a binding: a file that makes tools of C functions \
            without code. Each fact that a header does not express (who frees a returned string, which parameter counts \
            a buffer, how a function reports a failure) becomes a question under "undecided" in the file, with a \
            proposal beside it. A tool or type is offered once its "undecided" member is removed. Descriptions come from \
            comments in the header and from manual pages. To use the binding, copy it to a plugin directory.

            The binding is written to standard output or to the file of -o, and a summary to standard error. Without \
            --header, the header is found by the name of the library. A header that is an existing path with a slash is \
            read as that file. Any other header is searched for like #include <…>, in the directories of -I, and beside \
            a library that is named by a path.

            Exits with 1 if no function can be a tool; with 64 if the library or a function does not exist, or if the \
            file of -o exists; with 74 if the header cannot be read or the file cannot be written.

            EXAMPLES:
              toolhost bind m pow hypot -o math.tool.json
              toolhost bind sqlite3 -o sqlite.tool.json
              toolhost bind ./libgeometry.so --header geometry.h -o geo.tool.json
              toolhost bind bz2 --header bzlib.h -o bzip2.tool.json
            """
    )

    @Argument(help: ArgumentHelp("The name for the linker (sqlite3), a file name, or a path.", valueName: "lib"))
    var library: String
    @Argument(help: ArgumentHelp("The functions to draft. Default: all.", valueName: "symbol")) var symbols: [String] =
        []
    @Option(
        name: .customLong("header"),
        help: ArgumentHelp("A header to read; repeatable, in order.", valueName: "file")
    )
    var headers: [String] = []
    @Option(
        name: .customShort("I"),
        help: ArgumentHelp("An additional directory of headers; repeatable.", valueName: "dir")
    )
    var directories: [String] = []
    @Option(help: ArgumentHelp("The name of the plugin. Default: that of the library.", valueName: "name")) var name:
        String?
    @Option(name: .shortAndLong, help: ArgumentHelp("The file to write, NAME\(BindingFile.suffix).", valueName: "file"))
    var output: String?
    @Flag(help: "Replace an existing file of -o.") var force = false
    @Flag(help: "Print the outcome for each function as JSON. Needs -o.") var json = false

    func validate() throws {
        if json, output == nil { throw ValidationError("--json needs a file for the binding. Add -o FILE.") }
        if force, output == nil { throw ValidationError("--force replaces the file of -o. Add -o FILE.") }
        if let name, !BindingFile.isPluginName(name) {
            throw ValidationError(
                "The name of a plugin has at most 64 letters, digits, dots, hyphens and underscores."
            )
        }
        if let output, !output.hasSuffix(BindingFile.suffix) {
            throw ValidationError(
                "The name of the file must end in \(BindingFile.suffix). Other files are not found as plugins."
            )
        }
    }

    func run() async throws {
        let file = try output.map { path throws(CommandError) in
            try OutputFile(path, replaces: force, advice: "--force replaces it")
        }
        var request = BindingDraft.Request(library: library)
        (request.headers, request.directories, request.symbols) = (headers, directories, symbols)
        (request.name, request.destination) = (name, file?.directory)
        let draft: BindingDraft
        do {
            draft = try await BindingDraft(request, path: ProcessEnvironment.all["PATH"] ?? "/usr/bin:/bin")
        } catch {
            let status = error.code == .notFound ? ExitStatus.usage : .inputOutput
            throw CommandError(status, escaping: error.message + (error.remedy?.sentence ?? ""))
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
        }
        // The host does not load a binding without tools.
        guard !draft.offered.isEmpty || !draft.undecided.isEmpty else {
            throw CommandError(.toolError, "No function became a tool.")
        }
        if !json, let output {
            // A name that begins with a dash would be read as an option.
            let command = "toolhost check \((output.hasPrefix("-") ? "./" + output : output).shellWord)"
            let advice =
                draft.decisionCount > 0 ? "To offer more tools, answer the questions in the file. Next" : "Next"
            Console.error.line("\(advice): \(command, limit: .max)")
        }
    }
}

extension BindingDraft {
    /// Shows a summary of the drafted and refused functions.
    fileprivate func show(on console: Console) {
        func line(_ count: Int, _ text: String) {
            let number = String(count)
            let margin = String(repeating: " ", count: max(0, 6 - number.count))
            console.line("\(margin)\(number) \(text, limit: 500)")
        }
        console.line("\(library): \(functionCount.counted("function"))")
        line(offered.count, offered.count == 1 ? "tool" : "tools")
        if decisionCount > 0 {
            line(undecided.count, "undecided, with \(decisionCount.counted("question")) about them and their types")
        }
        if !types.isEmpty {
            let names = types.map(\.name).joined(separator: ", ")
            line(types.count, "\(types.count == 1 ? "type" : "types") with questions: \(names)")
        }
        for (reason, names) in Dictionary(grouping: refused, by: \.reason).sorted(by: {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }) {
            let examples = names.prefix(3).map(\.name).joined(separator: ", ")
            line(names.count, "refused: it \(reason) (\(examples)\(names.count > 3 ? ", …" : ""))")
        }
    }

    /// The outcome for each function, for programs.
    fileprivate var report: JSON {
        [
            "library": .string(library), "functions": .int(functionCount), "tools": .array(offered.map(JSON.string)),
            "questions": .int(decisionCount),
            "undecided": .array(undecided.map(\.json)), "types": .array(types.map(\.json)),
            "refused": .array(refused.map { ["name": .string($0.name), "reason": .string($0.reason)] }),
        ]
    }
}

extension Binding.Undecided {
    /// The questions about a tool or type, for programs.
    var json: JSON { ["name": .string(name), "questions": .array(questions.map(JSON.string))] }
}
