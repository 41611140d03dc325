import CToolPlugin
import Locks
import ToolContract
import ToolJSON

/// The tool behind a C context pointer.
///
/// It runs the calls of the tool, and completes each of them exactly once.
final class ToolBox: Sendable {
    typealias Blocking = @Sendable (ToolArguments, ToolContext) throws -> ToolReply
    typealias Asynchronous = @Sendable (ToolArguments, ToolContext) async throws -> ToolReply

    enum Body: Sendable {
        /// Runs on the thread of the host that makes the call.
        case blocking(Blocking)
        /// Runs as a task on the plugin's own threads.
        case asynchronous(Asynchronous)
    }

    private let body: Body
    private let isSerial: Bool
    /// The running calls of an async tool, with nil until their task exists.
    private let running = Lock<[UInt64: Task<Void, Never>?]>([:])

    init(_ body: Body, isSerial: Bool) {
        self.body = body
        self.isSerial = isSerial
    }

    /// Runs a call, or starts its task.
    ///
    /// - Returns: The value that `execute` returns to the host.
    func execute(_ call: Call) -> Int32 {
        switch body {
        case .blocking(let body):
            call.finish(Result { try body(try call.arguments(), ToolContext(call: call)) })
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
                call.finish(result)
                finished?.signal()
            }
            guard let finished else { return TOOL_PENDING }
            // The host starts the next serial call of the plugin when this returns.
            finished.wait()
            return TOOL_DONE
        }
    }

    private func start(_ call: Call, _ operation: @escaping @Sendable () async -> Void) {
        running.withLock { $0[call.id] = .some(nil) }
        // Outside the lock: if no thread can be started, the task runs here and takes the lock to remove itself.
        let task = Task(executorPreference: PluginExecutor.shared, operation: operation)
        running.withLock { running in
            // The task may have finished already.
            if running[call.id] != nil { running[call.id] = task }
        }
        // The host may have cancelled the call before its task existed.
        if call.isCancelled { task.cancel() }
    }

    /// Cancels the task of a call if it still runs.
    func cancel(_ call: UInt64) {
        running.withLock { $0[call] ?? nil }?.cancel()
    }
}

extension Call {
    func arguments() throws -> ToolArguments {
        let value = try withArguments { try JSON(parsing: $0) }
        return try ToolArguments(value ?? .null)
    }

    /// Writes the result of the call, and completes the call.
    func finish(_ result: Result<ToolReply, any Error>) {
        let status: Int32
        switch result {
        case .success(let reply):
            for part in reply.parts { write(part) }
            status = TOOL_OK
        case .failure(let error):
            let message: String
            (status, message) = Self.outcome(of: error)
            write(.text(message))
        }
        complete(status)
    }

    private static func outcome(of error: any Error) -> (status: Int32, message: String) {
        switch error {
        case let error as ToolError: (error.code.status, error.message)
        case let error as ToolValueError: (TOOL_INVALID_ARGUMENTS, error.message)
        case is CancellationError: (TOOL_CANCELLED, ToolError.cancelled.message)
        case EncodingError.invalidValue(_, let context):
            (TOOL_INTERNAL, "The result is not JSON: \(context.debugDescription)")
        default: (TOOL_ERROR, "\(error)")
        }
    }
}

extension ToolError.Code {
    fileprivate var status: Int32 {
        switch self {
        case .invalidArguments: TOOL_INVALID_ARGUMENTS
        case .cancelled: TOOL_CANCELLED
        default: TOOL_ERROR
        }
    }
}
