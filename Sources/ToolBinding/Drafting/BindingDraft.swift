package import ToolJSON
import ToolRuntime

/// A binding file, drafted from a library and its header: what they tell makes tools, what they leave open is asked.
package struct BindingDraft: Sendable {
    /// What is drafted.
    package struct Request: Sendable {
        /// `sqlite3`, `libsqlite3.so.0` or a path.
        package var library: String
        /// As `#include <…>` takes them, or paths; none to go by the library's name.
        package var headers: [String] = []
        /// More directories to look for headers in.
        package var directories: [String] = []
        /// Only these functions; none for all.
        package var symbols: [String] = []
        /// The plugin's name; `nil` to go by the library's.
        package var name: String?
        /// The directory that the file will be in, free of symbolic links.
        package var destination: String?

        package init(library: String) {
            self.library = library
        }
    }

    /// A function that cannot be a tool, and why: the end of a sentence.
    package struct Refusal: Sendable, Hashable {
        package let name: String
        package let reason: String
    }

    /// The file's content.
    package let document: JSON
    /// How a binding names the library.
    package let library: String
    /// The functions that are offered as they are.
    package private(set) var offered: [String] = []
    /// Those that are not offered before somebody decides.
    package private(set) var undecided: [OpenDecision] = []
    /// The types that wait for a decision.
    package private(set) var types: [OpenDecision] = []
    package private(set) var refused: [Refusal] = []
    /// What is asked about the tools themselves, apart from their types.
    private var openTools: [OpenDecision] = []

    /// How many decisions are open in all.
    package var decisionCount: Int { (openTools + types).reduce(0) { $0 + $1.questions.count } }

    /// How many functions were looked at: declared by the headers and exported by the library.
    package var functionCount: Int { offered.count + undecided.count + refused.count }

    /// - Parameter path: The directories where programs are, as in PATH.
    package init(_ request: Request, path: String) async throws(BindingError) {
        let named = try NamedLibrary(request.library)
        let headers = request.headers.isEmpty ? [Self.headers(of: named.stem)] : request.headers.map { [$0] }
        let reader = try HeaderReader(path: path)
        let directories = request.directories + named.headerDirectories
        var declarations = try await reader.declarations(of: headers, directories: directories)
        let choice = FunctionChoice(declarations, named, reader, headers: headers, directories: directories)
        let functions = try await choice.functions(named: request.symbols)
        declarations.layouts = try await reader.layouts(
            of: declarations.tags(of: functions),
            in: declarations,
            headers: headers,
            directories: directories
        )
        declarations.lengths = try await reader.lengths(
            of: Set(functions.flatMap(\.lengthExpressions)),
            headers: headers,
            directories: directories
        )
        library = Self.reference(named, request.destination)
        let manual = ManualPages(named.manualDirectories, path: path)

        let closers = Closers(declarations, exported: named.library.functions)
        var types = TypeDrafts(declarations)
        var tools: [JSON] = []
        var drafts: [ToolDraft] = []
        for function in functions {
            let isDescribed = function.comment != nil && function.parameters.allSatisfy { $0.name != nil }
            let page = isDescribed ? nil : await manual.page(of: function.name)
            let known = types
            do throws(TypeDrafts.Unknown) {
                let draft = try ToolDraft(function, declarations, page: page, types: &types, closers: closers)
                if let sentence = BindingFile.fault(types: types.types, tools: [.object(draft.members)]) {
                    throw TypeDrafts.Unknown(reason: "cannot be offered: \(sentence)")
                }
                drafts.append(draft)
                tools.append(.object(draft.members))
            } catch {
                // Nobody else has asked for its types yet.
                types = known
                refused.append(Refusal(name: function.name, reason: error.reason))
            }
        }
        self.types = types.types.compactMap { name, type in
            type["undecided"]?.array.map { OpenDecision(name: name, questions: $0.compactMap(\.string)) }
        }
        let waiting = Set(self.types.map(\.name))
        for draft in drafts {
            let name = draft.members["name"]?.string ?? ""
            let needed = Binding.questions(about: waiting, in: draft.members)
            openTools.append(OpenDecision(name: name, questions: draft.questions))
            if needed.isEmpty, draft.questions.isEmpty {
                offered.append(name)
            } else {
                undecided.append(OpenDecision(name: name, questions: draft.questions + needed))
            }
        }
        var root: JSONObject = [
            "toolhost": 1,
            "plugin": [
                "name": .string(request.name ?? BindingFile.pluginName(near: named.stem)), "version": "0.1.0",
                "description": .string("Functions of \(named.library.name ?? library)"),
            ],
            "library": .string(library),
        ]
        if !types.types.isEmpty { root["types"] = .object(types.types) }
        root["tools"] = .array(tools)
        document = .object(root)
        // What bind writes, check and the host must read.
        if let sentence = BindingFile.fault(in: document) {
            throw BindingError(.notReadable, "The draft is no binding, which is toolhost's mistake. \(sentence)")
        }
        guard document.text(.pretty).utf8.count < BindingFile.maximumBytes else {
            throw BindingError(
                .notReadable,
                "The draft of \(functions.count) functions is longer than a binding may be; name those that you want."
            )
        }
    }

    /// The C library's own parts, whose headers are not named after them.
    private static let parts = ["m": "math.h", "c": "stdlib.h", "rt": "time.h", "dl": "dlfcn.h"]

    private static func headers(of stem: String) -> [String] {
        if let header = parts[stem] { return [header] }
        return ["\(stem).h", "\(stem)/\(stem).h", "\(stem)lib.h", "lib\(stem).h"]
    }

    /// Beside its binding, a library may move along with it.
    private static func reference(_ named: NamedLibrary, _ destination: String?) -> String {
        guard let destination, named.reference.hasPrefix("\(destination)/") else { return named.reference }
        return "./" + named.reference.dropFirst(destination.count + 1)
    }
}
