import Glibc
import Locks
import ToolContract

/// The service of a worker process: it loads one plugin, and runs calls for the host at the other end of a socket.
///
/// The host is trusted, because it started the process.
package final class PluginService: CallReceiver {
    private let channel: FrameChannel
    /// The average below which a call is short, in nanoseconds.
    private let shortCall: Int
    private let surroundings: PluginSurroundings
    private let calls = Lock(ServiceCalls())
    private let questions = HostQuestions()
    private let service = Lock(Service())
    private let watch = ListenerWatch()
    private let end = Monitor<Result<Void, FrameError>?>(nil)

    /// The plugin and what is known of it.
    private struct Service {
        var plugin: LoadedPlugin?
        /// The durations of the calls of each tool.
        var paces: [CallPace] = []
        /// The processors that the last short calls came from.
        var placement = ThreadPlacement()
        /// The last report to the host about handles.
        var holdsHandles = false
    }

    /// The timeout below which a call is not watched by the standby thread, which may start the timeout late.
    private static let shortestWatchedTimeout = Duration.milliseconds(20)

    /// Creates a service.
    ///
    /// - Parameters:
    ///   - socket: A stream socket, which the caller owns.
    ///   - surroundings: The operations of the worker process.
    ///   - shortCall: The average below which a call is short, in nanoseconds; nil for the usual one.
    package init(socket: Int32, surroundings: PluginSurroundings, shortCall: Int? = nil) {
        channel = FrameChannel(socket)
        self.shortCall = shortCall ?? CallPace.shortCall
        self.surroundings = surroundings
        let waiting = channel.waitingBytes
        surroundings.rescue(waiting.bytes, waiting.count)
    }

    /// Serves until the host closes the socket.
    ///
    /// The plugin is loaded on this thread. It must be the only one of the process, or the sandbox cannot confine it.
    ///
    /// - Throws: ``FrameError`` if the host violates the protocol.
    package func run() throws(FrameError) {
        defer { questions.close() }
        channel.send(.hello(version: workerProtocolVersion))
        listen()
        let result = end.wait { $0.map { .done($0) } ?? .wait(until: nil) }
        service.withLock { $0.plugin }?.closeHandles()
        try result.get()
    }

    /// Receives messages and runs the calls, until another thread listens.
    ///
    /// Waking a thread for a call would take longer than a short call does, so this one runs it.
    private func listen() {
        let result: Result<Void, FrameError>
        do throws(FrameError) {
            while let message = try channel.receive() {
                if let call = try handle(message), !run(call) { return }
            }
            result = .success(())
        } catch {
            result = .failure(error)
        }
        watch.finish()
        end.change { $0 = result }
    }

    /// Runs a call on this thread.
    ///
    /// - Returns: True if this thread still listens; false if another one does.
    private func run(_ call: PluginCall) -> Bool {
        // Messages begin to wait before the standby thread can take over, because its flush ends the waiting.
        if call.record.isProbablyShort(Self.shortestWatchedTimeout),
            let state = watch.beginCall(startStandby, prepare: channel.beginWatch)
        {
            call.begin(here: true, isWatched: true)
            return watch.endCall(state)
        }
        channel.flush()
        let isHere = HostThreads.shared.run { [self] in listen() }
        call.begin(here: isHere)
        return !isHere
    }

    private func startStandby() -> Bool {
        HostThreads.shared.run { [self] in
            guard watch.standBy({ channel.flush(endsWatch: false) }) else { return }
            // The call that runs on the other thread is the last one that was received.
            if let record = calls.withLock({ $0.last }) {
                record.recordBlock()
                record.startTimeout()
            }
            channel.flush()
            listen()
        }
    }

    /// Handles a message, and returns the call to start, if it is one.
    private func handle(_ message: HostMessage) throws(FrameError) -> PluginCall? {
        switch (message, service.withLock { $0.plugin }) {
        case (.load(let order), nil) where order.interpreter != nil:
            startInterpreter(order)
        case (.load(let order), nil):
            // If the file cannot be used, the host has the reason and closes the socket.
            guard let plugin = load(order) else { break }
            service.withLock { service in
                service.plugin = plugin
                service.paces = plugin.tools.map { _ in CallPace(limit: shortCall) }
            }
        case (.configure(let values, let mayResolve), let plugin?):
            let resolver: PluginContext.Resolver = { [self] name in resolve(name) }
            plugin.context.configure(values)
            plugin.context.allowResolving(mayResolve ? resolver : nil)
        case (.call(let id, let order), let plugin?):
            return try prepare(id, order, plugin)
        case (.cancel(let id), _):
            calls.withLock { $0[id] }?.expire(.cancelled)
        case (.addresses(let question, let addresses), _):
            questions.handleReply(addresses, to: question)
        default:
            throw FrameError("a message that is not expected here")
        }
        return nil
    }

    /// Lets the interpreter of an order take the place of this program.
    ///
    /// It returns only if that fails.
    private func startInterpreter(_ order: WorkerOrder) {
        guard let interpreter = order.interpreter else { return }
        do throws(PluginError) {
            let files = try HandedFiles(interpreter, stamp: order.stamp, plugin: order.path)
            let arguments = interpreter.arguments + files.arguments
            // The host sends nothing else before the plugin has registered, so no message is lost with this program.
            try surroundings.become(order.confinement, arguments, order.path) { [channel] report in
                channel.send(.confined(report), .now)
            }
        } catch {
            channel.send(.refused(code: error.code.rawValue, error.message))
        }
    }

    private func load(_ order: WorkerOrder) -> LoadedPlugin? {
        do throws(PluginError) {
            let mappings = MappedFiles()
            // Sent before the plugin is loaded: the plugin could forge any later message.
            channel.send(.confined(try surroundings.confine(order.confinement, order.path)))
            let file = try PluginFile(checking: order.path, isKnown: true)
            guard file.stamp == order.stamp else {
                throw PluginError(.notTrusted, file: order.path, "Was replaced while it was loaded. Try again.")
            }
            let plugin = try LoadedPlugin(
                loading: file,
                limits: RegistrationLimits(manifestBytes: order.manifestBytes, schemaBytes: order.schemaBytes),
                log: { [channel] level, message in channel.send(.log(level, message)) },
                violated: { [channel] sentence in channel.send(.violation(sentence)) }
            )
            try mappings.check(file)
            surroundings.flush()
            try surroundings.tighten()
            channel.send(.registered(plugin.registration))
            return plugin
        } catch {
            channel.send(.refused(code: error.code.rawValue, error.message))
            return nil
        }
    }

    private func prepare(
        _ id: UInt64,
        _ order: CallOrder,
        _ plugin: LoadedPlugin
    ) throws(FrameError) -> PluginCall {
        guard plugin.tools.indices.contains(order.tool) else { throw FrameError("a tool that does not exist") }
        var limits = CallLimits(timeout: order.timeout, grace: order.grace, resultBytes: order.resultBytes)
        // The host has received all output before the end.
        limits.keepsOutput = false
        let pace = service.withLock { $0.paces[order.tool] }
        let record = order.arguments.withUnsafeBytes { arguments in
            CallRecord(
                plugin: plugin,
                tool: plugin.tools[order.tool],
                limits: limits,
                arguments: arguments,
                values: nil,
                pace: pace,
                observer: .service(self, call: id)
            )
        }
        if record.isProbablyShort(Self.shortestWatchedTimeout) { approach(order.processor) }
        calls.withLock { $0.insert(record, as: id) }
        return PluginCall(record: record)
    }

    /// Moves this thread to the processor of the caller, if short calls keep coming from there.
    private func approach(_ processor: UInt32) {
        let own = surroundings.processor()
        if service.withLock({ $0.placement.mustMove(to: processor, from: own) }) { surroundings.move(processor) }
    }

    // MARK: - Events of calls

    func receive(_ event: CallEvent, of id: UInt64) {
        switch event {
        case .started:
            surroundings.enter(id)
        case .output(let part):
            channel.send(.output(id, mediaType: part.mediaType, part.bytes, continues: false), .low)
        case .progress(let fraction, let message):
            channel.send(.progress(id, fraction, message))
        case .ended(let end):
            let end = WorkerCallEnd(reason: end.reason, isTruncated: end.output.isTruncated, duration: end.duration)
            surroundings.flush()
            channel.send(.ended(id, end))
        case .returned(let isReleased):
            surroundings.leave()
            let record = isReleased ? remove(id) : calls.withLock { $0[id] }
            reportHandles()
            // Other calls may wait for this one to return, and the host waits for the end of a pending call.
            let isUrgent = !isReleased || record?.isConcurrent != true
            channel.send(.returned(id, isReleased: isReleased), isUrgent ? .high : .low)
        case .released:
            _ = remove(id)
            channel.send(.released(id))
        }
    }

    func receiveOutput(_ bytes: UnsafeRawBufferPointer, _ mediaType: String, of id: UInt64) {
        channel.send(.low) { WorkerMessage.encodeOutput(of: id, mediaType, bytes, into: &$0) }
    }

    /// Reports to the host when the plugin opens its first handle or closes its last one.
    private func reportHandles() {
        service.withLock { service in
            let holdsHandles = (service.plugin?.handles.count ?? 0) > 0
            guard holdsHandles != service.holdsHandles else { return }
            service.holdsHandles = holdsHandles
            channel.send(.holdsHandles(holdsHandles))
        }
    }

    private func remove(_ id: UInt64) -> CallRecord? { calls.withLock { $0.remove(id) } }

    private func resolve(_ name: String) -> [String]? {
        questions.ask { number in channel.send(.resolve(number, name), .now) }
    }
}
