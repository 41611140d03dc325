import CToolPlugin
import Synchronization
import ToolContract
import ToolJSON

/// A tool behind a C context pointer: runs its calls, and completes each of them whatever happens.
final class ToolBox: Sendable {
    typealias Blocking = @Sendable (ToolArguments, ToolContext) throws -> ToolReply
    typealias Asynchronous = @Sendable (ToolArguments, ToolContext) async throws -> ToolReply

    enum Body: Sendable {
        /// Runs on the thread that the host calls with.
        case blocking(Blocking)
        /// Runs as a task on the plugin's own threads.
        case asynchronous(Asynchronous)
    }

    private let body: Body
    private let isSerial: Bool
    /// The calls that run, with their tasks as soon as they have one.
    private let running = Mutex<[UInt64: Task<Void, Never>?]>([:])

    init(_ body: Body, isSerial: Bool) {
        self.body = body
        self.isSerial = isSerial
    }

    /// Runs a call, or starts it.
    ///
    /// - Returns: What `execute` returns to the host.
    func execute(_ call: Call) -> Int32 {
        switch body {
        case .blocking(let body):
            call.end(Result { try body(try call.arguments(), ToolContext(call: call)) })
            return TOOL_DONE
        case .asynchronous(let body):
            let finished = isSerial ? Semaphore() : nil
            start(call) {
                let result: Result<ToolReply, any Error>
                do {
                    result = .success(try await body(try call.arguments(), ToolContext(call: call)))
                } catch {
                    result = .failure(error)
                }
                self.running.withLock { _ = $0.removeValue(forKey: call.id) }
                call.end(result)
                finished?.signal()
            }
            guard let finished else { return TOOL_PENDING }
            // The host gives the plugin's lane to the next serial call when this returns.
            finished.wait()
            return TOOL_DONE
        }
    }

    private func start(_ call: Call, _ operation: @escaping @Sendable () async -> Void) {
        running.withLock { $0[call.id] = .some(nil) }
        // Not under the lock: where no thread can be had, it runs here and now, and takes the lock to leave the table.
        let task = Task(executorPreference: PluginExecutor.shared, operation: operation)
        running.withLock { running in
            // It may be over by now.
            if running[call.id] != nil { running[call.id] = task }
        }
        // The host may have said so before there was a task to cancel.
        if call.isCancelled { task.cancel() }
    }

    /// Cancels the task of a call, if it still runs.
    func cancel(_ call: UInt64) {
        running.withLock { $0[call] ?? nil }?.cancel()
    }
}

extension Call {
    func arguments() throws -> ToolArguments {
        let value = try withArguments { try JSON(parsing: $0) }
        return try ToolArguments(value ?? .null)
    }

    /// Writes what came of the call, and completes it.
    func end(_ result: Result<ToolReply, any Error>) {
        let status: Int32
        switch result {
        case .success(let reply):
            for part in reply.parts { write(part) }
            status = TOOL_OK
        case .failure(let error):
            let (code, message) = Self.words(for: error)
            write(.text(message))
            status = code
        }
        complete(status)
    }

    private static func words(for error: any Error) -> (status: Int32, message: String) {
        switch error {
        case let failure as ToolError: (failure.kind.status, failure.message)
        case let error as ToolValueError: (TOOL_INVALID_ARGUMENTS, "\(error)")
        case is CancellationError: (TOOL_CANCELLED, ToolError.cancelled.message)
        case EncodingError.invalidValue(_, let context):
            (TOOL_INTERNAL, "The result is not JSON: \(context.debugDescription)")
        default: (TOOL_ERROR, "\(error)")
        }
    }
}

extension ToolError.Kind {
    fileprivate var status: Int32 {
        switch self {
        case .error: TOOL_ERROR
        case .invalidArguments: TOOL_INVALID_ARGUMENTS
        case .cancelled: TOOL_CANCELLED
        }
    }
}
