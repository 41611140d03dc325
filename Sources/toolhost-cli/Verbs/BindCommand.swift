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
            or type is offered once that member is gone. Drop the file into a plugin directory to use it. What a \
            tool says of itself comes from the comments of the header and from manual pages.

            The binding goes to standard output or to the file of -o; what became of the functions, to standard error.
            A header is looked for by the library's name. One with a slash that is there is that file; any other is \
            looked for as #include <…> does, beside a library that was named by its path, and in the directories of -I.

            Exits with 1 if no function became a tool or a draft of one, with 64 if there is no such library or \
            function, or the file exists already, and with 74 if the header cannot be read or the file cannot be \
            written.

            EXAMPLES:
              toolhost bind m pow hypot -o math.tool.json
              toolhost bind sqlite3 -o sqlite.tool.json
              toolhost bind ./libgeometry.so --header geometry.h -o geometry.tool.json
              toolhost bind bz2 --header bzlib.h -o bzip2.tool.json && toolhost check bzip2.tool.json
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
    var directories: [String] = []
    @Option(help: ArgumentHelp("The plugin's name.", valueName: "name")) var name: String?
    @Option(name: .shortAndLong, help: ArgumentHelp("Write this file, NAME\(BindingFile.suffix).", valueName: "file"))
    var output: String?
    @Flag(help: "Replace a file that exists.") var force = false
    @Flag(help: "Print what became of each function as JSON. Needs -o.") var json = false

    func validate() throws {
        if json, output == nil { throw ValidationError("--json needs a file for the binding; give -o FILE too.") }
        if force, output == nil { throw ValidationError("--force replaces the file of -o; give -o FILE too.") }
        if let name, !BindingFile.isPluginName(name) {
            throw ValidationError(
                "A plugin's name is made of letters, digits, dots, hyphens and underscores, at most 64 of them."
            )
        }
        if let output, !output.hasSuffix(BindingFile.suffix) {
            throw ValidationError("The file's name must end in \(BindingFile.suffix), or it is not found as a plugin.")
        }
    }

    func run() async throws {
        let file = try output.map { path throws(CommandError) in try OutputFile(path, replaces: force) }
        var request = BindingDraft.Request(library: library)
        (request.headers, request.directories, request.symbols) = (headers, directories, symbols)
        (request.name, request.destination) = (name, file?.directory)
        let draft: BindingDraft
        do {
            draft = try await BindingDraft(request, path: ProcessEnvironment.all["PATH"] ?? "/usr/bin:/bin")
        } catch {
            let status = error.cause == .notFound ? ExitStatus.usage : .inputOutput
            throw CommandError(status, escaping: error.message + advice(error))
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
        // A binding without tools is not one that the host loads.
        guard !draft.offered.isEmpty || !draft.undecided.isEmpty else {
            throw CommandError(.toolError, "No function became a tool.")
        }
        if !json, let output {
            // A name that begins with a dash would be an option.
            let command = "toolhost check \((output.hasPrefix("-") ? "./" + output : output).shellWord)"
            let advice =
                draft.decisionCount > 0 ? "Decide what is open in the file, if you want more of it, then" : "Next"
            Console.error.line("\(advice): \(command, limit: .max)")
        }
    }

    /// The remedy for a failure: a question for a misspelled name, or the options for another header.
    private func advice(_ failure: BindingError) -> String {
        if failure.isHeaderFault {
            return " Name the right header with --header, what it needs with another --header before it (a header, or "
                + "a file of your own with a #define), and its directory with -I. Debian has headers in packages whose "
                + "names end in -dev."
        }
        guard let (name, known) = failure.unknown else { return "" }
        return NearNames.question(name, among: known)
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
            line(types.count, "\(types.count == 1 ? "type" : "types") to decide about: \(names)")
        }
        for (reason, names) in Dictionary(grouping: refused, by: \.reason).sorted(by: {
            ($1.value.count, $0.key) < ($0.value.count, $1.key)
        }) {
            let examples = names.prefix(3).map(\.name).joined(separator: ", ")
            line(names.count, "refused: it \(reason) (\(examples)\(names.count > 3 ? ", …" : ""))")
        }
    }

    /// The outcome of each function, for programs.
    fileprivate var report: JSON {
        [
            "library": .string(library), "functions": .int(functionCount), "tools": .array(offered.map(JSON.string)),
            "questions": .int(decisionCount),
            "undecided": .array(undecided.map(\.json)), "types": .array(types.map(\.json)),
            "refused": .array(refused.map { ["name": .string($0.name), "reason": .string($0.reason)] }),
        ]
    }
}

extension OpenDecision {
    /// The decision for programs.
    var json: JSON { ["name": .string(name), "questions": .array(questions.map(JSON.string))] }
}
