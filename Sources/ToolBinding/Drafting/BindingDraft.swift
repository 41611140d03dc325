package import ToolJSON
package import ToolRuntime

/// A draft of a binding file, from a library and its headers.
///
/// The draft has a tool for each function that can be called. A fact that the headers do not express, such as the owner
/// of a returned text, becomes a question in the file, with a proposal.
package struct BindingDraft: Sendable {
    /// The input of a draft.
    package struct Request: Sendable {
        /// The library: a name of the linker (`sqlite3`), a file name (`libsqlite3.so.0`) or a path.
        package var library: String
        /// The headers, as in `#include <…>` or as paths.
        ///
        /// If empty, they are guessed from the name of the library.
        package var headers: [String] = []
        /// Additional directories of headers.
        package var directories: [String] = []
        /// The functions to draft.
        ///
        /// If empty, all of them.
        package var symbols: [String] = []
        /// The name of the plugin, or nil for the name of the library.
        package var name: String?
        /// The directory of the binding file, without symbolic links.
        package var destination: String?

        package init(library: String) {
            self.library = library
        }
    }

    /// A function that cannot be a tool.
    ///
    /// The reason is the end of a sentence: `is variadic`.
    package struct Refusal: Sendable, Hashable {
        package let name: String
        package let reason: String
    }

    /// The content of the file.
    package let document: JSON
    /// The library, as the binding names it.
    package let library: String
    /// The functions without open questions.
    package private(set) var offered: [String] = []
    /// The functions that are not offered until their questions are answered.
    package private(set) var undecided: [Binding.Undecided] = []
    /// The types with open questions.
    package private(set) var types: [Binding.Undecided] = []
    /// The functions that cannot be tools.
    package private(set) var refused: [Refusal] = []
    /// The questions about the tools, without those about their types.
    private var openTools: [Binding.Undecided] = []

    /// The number of all open questions.
    package var decisionCount: Int { (openTools + types).reduce(0) { $0 + $1.questions.count } }

    /// The number of functions that were named, or else that the headers declare and the library exports.
    package var functionCount: Int { offered.count + undecided.count + refused.count }

    /// Reads a library and its headers with clang, and drafts a binding.
    ///
    /// - Parameters:
    ///   - request: The library, its headers and the functions.
    ///   - path: The directories of programs, as in PATH.
    /// - Throws: ``BindingError`` if the library, a header or a function does not exist or cannot be read. A function
    ///   that cannot be a tool is not an error: it is in ``refused``.
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
            do throws(TypeDrafts.Unsupported) {
                let draft = try ToolDraft(function, declarations, page: page, types: &types, closers: closers)
                if let sentence = BindingFile.fault(types: types.types, tools: [.object(draft.members)]) {
                    throw TypeDrafts.Unsupported(reason: "cannot be offered: \(sentence)")
                }
                drafts.append(draft)
                tools.append(.object(draft.members))
            } catch {
                // No other function uses the types that were added for this one.
                types = known
                refused.append(Refusal(name: function.name, reason: error.reason))
            }
        }
        self.types = types.types.compactMap { name, type in
            type["undecided"]?.array.map { Binding.Undecided(name: name, questions: $0.compactMap(\.string)) }
        }
        let waiting = Set(self.types.map(\.name))
        for draft in drafts {
            let name = draft.members["name"]?.string ?? ""
            let needed = Binding.questions(about: waiting, in: draft.members)
            openTools.append(Binding.Undecided(name: name, questions: draft.questions))
            if needed.isEmpty, draft.questions.isEmpty {
                offered.append(name)
            } else {
                undecided.append(Binding.Undecided(name: name, questions: draft.questions + needed))
            }
        }
        var root: JSONObject = [
            "toolhost": 1,
            "plugin": [
                "name": .string(request.name ?? PluginName.near(named.stem, default: "library")), "version": "0.1.0",
                "description": .string("Functions of \(named.library.name ?? library)"),
            ],
            "library": .string(library),
        ]
        if !types.types.isEmpty { root["types"] = .object(types.types) }
        root["tools"] = .array(tools)
        document = .object(root)
        // The host must be able to read every draft.
        if let sentence = BindingFile.fault(in: document) {
            throw BindingError(
                .notReadable,
                "The draft is not a valid binding, which is a defect of toolhost. \(sentence)"
            )
        }
        guard document.text(.pretty).utf8.count < Binding.maximumBytes else {
            throw BindingError(
                .notReadable,
                "The draft of \(functions.count) functions is too long for a binding. Name the functions that you need."
            )
        }
    }

    /// Headers of the parts of the C library, which have other names than the parts.
    private static let standardHeaders = ["m": "math.h", "c": "stdlib.h", "rt": "time.h", "dl": "dlfcn.h"]

    private static func headers(of stem: String) -> [String] {
        if let header = standardHeaders[stem] { return [header] }
        return ["\(stem).h", "\(stem)/\(stem).h", "\(stem)lib.h", "lib\(stem).h"]
    }

    /// Returns the path of the library for the binding.
    ///
    /// A path below the directory of the binding is relative, because both may move together.
    private static func reference(_ named: NamedLibrary, _ destination: String?) -> String {
        guard let destination, named.reference.hasPrefix("\(destination)/") else { return named.reference }
        return "./" + named.reference.dropFirst(destination.count + 1)
    }
}
