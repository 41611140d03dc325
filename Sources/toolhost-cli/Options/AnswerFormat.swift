import ToolHost
import ToolJSON
import ToolSchema

/// The format that the answer must have: any JSON, or JSON that fits a schema.
struct AnswerFormat: Sendable {
    /// The format in the form of a request.
    let json: JSON
    private let schema: Schema?

    /// The maximum size of a schema in bytes.
    private static let maximumBytes = 1 << 20
    /// The maximum number of violations in a message.
    private static let mostViolations = 4

    /// Creates the format that the option `--format` names.
    ///
    /// - Parameter name: `json`, the path of a JSON schema, or `-` for a schema on standard input.
    init(named name: String) throws(CommandError) {
        if name == "json" {
            (json, schema) = ("json", nil)
            return
        }
        let file: TerminalLine = "--format \(name.visible, limit: 300)"
        let bytes = try InputFile.read(name, limit: Self.maximumBytes)
        let document: JSONDocument
        do {
            document = try JSONDocument(parsing: bytes)
        } catch {
            throw CommandError(.invalidArguments, "\(file) is not valid JSON: \(error).")
        }
        for warning in document.warnings { Console.error.note("In the format, " + warning) }
        guard document.value.object != nil else {
            throw CommandError(.invalidArguments, "\(file) must hold a JSON schema, which is a JSON object.")
        }
        do throws(SchemaError) {
            schema = try Schema(document.value)
        } catch {
            throw CommandError(.invalidArguments, "\(file) is not a valid JSON schema. \(error)")
        }
        json = document.value
    }

    /// Returns the answer as a JSON value.
    ///
    /// - Throws: ``CommandError`` if the answer is not JSON, or does not fit the schema.
    func value(of answer: String) throws(CommandError) -> JSON {
        let value: JSON
        do {
            value = try JSON(parsing: answer)
        } catch {
            throw CommandError(.server, "The answer is not valid JSON: \(error).")
        }
        let violations = schema?.violations(in: value, limit: Self.mostViolations) ?? []
        guard violations.isEmpty else {
            let words = violations.map(\.message).joined(separator: "; ")
            throw CommandError(.server, "The answer does not fit the format: \(words).")
        }
        return value
    }
}
