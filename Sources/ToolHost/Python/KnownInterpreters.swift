import Locks
import ToolJSON
import ToolRuntime

/// The interpreters that were asked before, by their paths and the states of their programs.
final class KnownInterpreters: Sendable {
    private let file: UserFile<InterpreterRecords>?
    private let records: Lock<InterpreterRecords>

    /// - Parameter directory: The directory of the file with the records, or nil for none.
    init(directory: String?) {
        let file = directory.map { UserFile<InterpreterRecords>(path: $0 + "/pythons.json") }
        self.file = file
        // A damaged file only costs the question to the interpreters.
        records = Lock((try? file?.read()) ?? InterpreterRecords())
    }

    /// Returns the interpreter at a path, if the state of its program is the recorded one.
    func interpreter(at path: String, _ identity: FileIdentity) -> PythonInterpreter? {
        guard let record = records.withLock({ $0.records[ExactKey(path)] }) else { return nil }
        guard record.stamp == Self.stamp(identity) else { return nil }
        return PythonInterpreter(
            program: record.program,
            command: record.command,
            version: record.version,
            basePrefix: record.basePrefix,
            environment: record.environment,
            identity: identity
        )
    }

    /// Records an interpreter, and writes the file if it can be written.
    func store(_ interpreter: PythonInterpreter, at path: String, _ identity: FileIdentity) {
        let record = InterpreterRecords.Record(
            stamp: Self.stamp(identity),
            program: interpreter.program,
            command: interpreter.command,
            version: interpreter.version,
            basePrefix: interpreter.basePrefix,
            environment: interpreter.environment
        )
        let records = records.withLock { records in
            records.add(record, at: path)
            return records
        }
        try? file?.replace(with: records)
    }

    /// A string that changes with a file.
    static func stamp(_ identity: FileIdentity) -> String {
        let times = [identity.modified, identity.changed].flatMap { [$0.seconds, $0.nanoseconds] }
        let numbers = [identity.number.device, identity.number.inode, identity.size]
        return (numbers.map(String.init) + times.map(String.init)).joined(separator: " ")
    }
}
