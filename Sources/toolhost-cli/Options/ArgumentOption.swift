import ToolHost
import ToolJSON

/// The value of one `--arg`: `name=value`, a string that is coerced by the schema of the tool, or `name:=JSON`.
///
/// A name with dots, or a JSON pointer, leads into objects. `@` reads the value from a file.
struct ArgumentOption {
    /// The option as it was typed.
    let option: String
    private let name: String
    private let text: String
    private let isJSON: Bool

    /// The maximum number of names on a path.
    private static let longestPath = 64

    /// Parses an option; nil if it has no name or no `=`.
    init?(_ option: String) {
        guard let equals = option.firstIndex(of: "=") else { return nil }
        var name = option[..<equals]
        isJSON = name.last == ":"
        if isJSON { name = name.dropLast() }
        self.name = String(name)
        self.option = option
        text = String(option[option.index(after: equals)...])
        if name.isEmpty { return nil }
    }

    /// Returns the names along the path to the argument.
    ///
    /// A name with dots or slashes that the schema declares is that parameter.
    ///
    /// - Parameter parameters: The schema of the tool's arguments.
    func path(in parameters: JSONObject) throws(CommandError) -> [String] {
        if Self.properties(of: .object(parameters), in: parameters)[name] != nil { return [name] }
        let isPointer = name.hasPrefix("/")
        let parts = name.dropFirst(isPointer ? 1 : 0)
            .split(separator: isPointer ? "/" : ".", omittingEmptySubsequences: false)
        guard parts.count <= Self.longestPath, isPointer || !parts.contains("") else {
            throw fault("expected a name, names with a dot between them, or a JSON pointer, of at most 64 names.")
        }
        if isPointer {
            let names = parts.compactMap { JSONPointer.unescaped(String($0)) }
            guard names.count == parts.count else {
                throw fault("expected a JSON pointer, with ~0 for ~ and ~1 for /.")
            }
            return names
        }
        var path: [String] = []
        var schema: JSON? = .object(parameters)
        var start = 0
        while start < parts.count {
            let properties = Self.properties(of: schema, in: parameters)
            // The longest declared name, dots included, takes precedence.
            let names = (start + 1...parts.count).map { (end: $0, name: parts[start..<$0].joined(separator: ".")) }
            let next = names.last { properties[$0.name] != nil } ?? names[0]
            path.append(next.name)
            (schema, start) = (properties[next.name], next.end)
        }
        return path
    }

    /// True if the value is read from standard input.
    var readsStandardInput: Bool { text == "@-" }

    /// Returns the value.
    func value() throws(CommandError) -> JSON {
        let text = try content()
        guard isJSON else { return .string(text) }
        do {
            return try JSON(parsing: text)
        } catch {
            throw CommandError(
                .invalidArguments,
                "\(name, limit: 80): expected JSON, got \(text, limit: 80)"
            )
        }
    }

    private func content() throws(CommandError) -> String {
        guard text.utf8.first == UInt8(ascii: "@") else { return text }
        let path = String(text.unicodeScalars.dropFirst())
        if path.utf8.first == UInt8(ascii: "@") { return path }
        let bytes: [UInt8]
        do {
            bytes = try InputFile.read(path, limit: ToolLimits().argumentBytes)
        } catch {
            throw CommandError(error.exit, error.message + " A value that begins with @ is written with @@.")
        }
        guard let content = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(.invalidArguments, "\(option, limit: 80): the file is not UTF-8 text.")
        }
        return content
    }

    /// Returns an error about the option.
    func fault(_ reason: TerminalLine, _ exit: ExitStatus = .usage) -> CommandError {
        CommandError(exit, "--arg \(option.visible, limit: 80): \(reason)")
    }

    /// Returns the properties that a schema, or the schema that it refers to, declares.
    private static func properties(of schema: JSON?, in root: JSONObject) -> JSONObject {
        var schema = schema
        for _ in 0..<8 {
            guard let reference = schema?["$ref"]?.string, reference.hasPrefix("#") else { break }
            schema = JSON.object(root)[pointer: String(reference.dropFirst())]
        }
        return schema?["properties"]?.object ?? [:]
    }
}

extension [ArgumentOption] {
    /// Returns the arguments with the values of the options.
    ///
    /// - Throws: ``CommandError`` if two options set the same place, or one of them a place inside the value of the other.
    func apply(to arguments: JSONObject, in parameters: JSONObject) throws(CommandError) -> JSONObject {
        var arguments = arguments
        var (taken, opened): (Set<ExactKey>, Set<ExactKey>) = ([], [])
        for option in self {
            let path = try option.path(in: parameters)
            var pointer = ""
            let pointers = path.map { name in
                pointer = JSONPointer.appending(name, to: pointer)
                return ExactKey(pointer)
            }
            guard let place = pointers.last else { continue }
            guard !opened.contains(place), !pointers.contains(where: taken.contains) else {
                throw option.fault("another --arg sets the same argument, or a part of it.")
            }
            taken.insert(place)
            opened.formUnion(pointers.dropLast())
            guard arguments.set(try option.value(), at: path[...]) else {
                throw option.fault("the path leads into an argument that is not an object.", .invalidArguments)
            }
        }
        return arguments
    }
}

extension JSONObject {
    /// Sets a member of the object or of a nested object.
    ///
    /// - Returns: False if the path leads into a value that is not an object.
    fileprivate mutating func set(_ value: JSON, at path: ArraySlice<String>) -> Bool {
        guard let name = path.first else { return false }
        guard path.count > 1 else {
            self[name] = value
            return true
        }
        guard var inner = (self[name] ?? [:]).object, inner.set(value, at: path.dropFirst()) else { return false }
        self[name] = .object(inner)
        return true
    }
}
