import ToolJSON
import ToolRuntime

/// The file with the replies of Python interpreters.
struct InterpreterRecords: WritableUserFileContent {
    /// The reply of one interpreter.
    struct Record: Sendable, Hashable {
        /// The state of its program.
        let stamp: String
        let program, command: String
        let version: PythonVersion
        let basePrefix: String
        let environment: String?
    }

    /// The records by the paths under which the interpreters were looked for.
    private(set) var records: [ExactKey: Record] = [:]

    static let title = "The record of Python interpreters"
    static let maximumBytes = 1 << 20
    private static let maximumRecords = 64

    init() {}

    /// Adds a record.
    ///
    /// Beyond the maximum number, all older ones are dropped.
    mutating func add(_ record: Record, at path: String) {
        if records.count >= Self.maximumRecords { records = [:] }
        records[ExactKey(path)] = record
    }

    init(parsing bytes: [UInt8]) throws(UserFileError) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw UserFileError("is not valid JSON: \(error).", underlyingError: error)
        }
        for (path, value) in (json["interpreters"]?.object ?? [:]).prefix(Self.maximumRecords) {
            if let record = Record(value) { records[ExactKey(path)] = record }
        }
    }

    var bytes: [UInt8] {
        let members = records.sorted { $0.key.text < $1.key.text }.map { ($0.key.text, $0.value.json) }
        return JSON.object(["interpreters": .object(JSONObject(members))]).bytes()
    }
}

extension InterpreterRecords.Record {
    init?(_ json: JSON) {
        guard let stamp = json["stamp"]?.string, let program = json["program"]?.string,
            let command = json["command"]?.string, let basePrefix = json["base_prefix"]?.string,
            let numbers = json["version"]?.array?.compactMap(\.int), numbers.count == 3,
            numbers.allSatisfy({ 0...65_535 ~= $0 })
        else { return nil }
        self.stamp = stamp
        self.program = program
        self.command = command
        self.basePrefix = basePrefix
        version = PythonVersion(numbers[0], numbers[1], numbers[2])
        environment = json["environment"]?.string
    }

    var json: JSON {
        [
            "stamp": .string(stamp), "program": .string(program), "command": .string(command),
            "version": [.int(version.major), .int(version.minor), .int(version.micro)],
            "base_prefix": .string(basePrefix), "environment": environment.map(JSON.string) ?? .null,
        ]
    }
}
