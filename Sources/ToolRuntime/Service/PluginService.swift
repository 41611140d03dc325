import Glibc
import Locks
import ToolContract

/// The service of a worker process: it loads one plugin, and runs calls for the host at the other end of a socket.
///
/// The host is trusted, because it started the process.
package final class PluginService: Sendable {
    private let channel: FrameChannel
    private let surroundings: PluginSurroundings
    private let calls = Lock<[UInt64: PluginCall]>([:])
    private let questions = HostQuestions()
    private let conversation = Lock(Conversation())
    private let end = Monitor<Result<Void, FrameError>?>(nil)

    /// The state that a listening thread passes on to the next one.
    private struct Conversation {
        var assembly = MessageAssembly(limit: 1 << 30)
        var plugin: LoadedPlugin?
        /// The last report to the host about handles.
        var holdsHandles = false
    }

    /// Creates a service.
    ///
    /// - Parameter socket: A stream socket, which the caller owns.
    package init(socket: Int32, surroundings: PluginSurroundings) {
        channel = FrameChannel(socket)
        self.surroundings = surroundings
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
        conversation.withLock(\.plugin)?.closeHandles()
        try result.get()
    }

    /// Receives messages until there is a call to run.
    ///
    /// Then another thread continues, and this one runs the call.
    ///
    /// Waking a thread for the call would take half of the time of a short one.
    private func listen() {
        do throws(FrameError) {
            while true {
                guard let message = try nextMessage() else {
                    end.change { $0 = .success(()) }
                    return
                }
                guard let call = try handle(message) else { continue }
                let isHere = HostThreads.shared.run { [self] in listen() }
                call.begin(here: isHere)
                if isHere { return }
            }
        } catch {
            end.change { $0 = .failure(error) }
        }
    }

    private func nextMessage() throws(FrameError) -> HostMessage? {
        while let frame = try channel.receive() {
            let complete = try conversation.withLock { state throws(FrameError) in try state.assembly.take(frame) }
            if let complete { return try HostMessage(complete) }
        }
        return nil
    }

    /// Handles a message, and returns the call to start, if it is one.
    private func handle(_ message: HostMessage) throws(FrameError) -> PluginCall? {
        switch (message, conversation.withLock(\.plugin)) {
        case (.load(let order), nil):
            // If the file cannot be used, the host has the reason and closes the socket.
            let plugin = load(order)
            conversation.withLock { $0.plugin = plugin }
        case (.configure(let values, let mayResolve), let plugin?):
            let resolver: PluginContext.Resolver = { [self] name in resolve(name) }
            plugin.context.configure(values)
            plugin.context.allowResolving(mayResolve ? resolver : nil)
        case (.call(let id, let order), let plugin?):
            return try prepare(id, order, plugin)
        case (.cancel(let id), _):
            calls.withLock { $0[id] }?.cancel()
        case (.addresses(let question, let addresses), _):
            questions.handleReply(addresses, to: question)
        default:
            throw FrameError("a message that is not expected here")
        }
        return nil
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
        let arguments: SerialisedArguments
        do {
            // The getters need values. Only bytes come from the host process, so they are parsed again here.
            arguments = try SerialisedArguments(parsing: order.arguments)
        } catch {
            throw FrameError("arguments that are not JSON: \(error)")
        }
        var request = CallRequest(
            arguments: arguments,
            timeout: order.timeout,
            grace: order.grace,
            resultBytes: order.resultBytes
        )
        // The host has received all output before the end.
        request.keepsOutput = false
        let tool = plugin.tools[order.tool]
        let call = plugin.prepare(tool, request) { [self] event in
            report(event, of: id, isBlocking: !tool.isConcurrent)
        }
        calls.withLock { $0[id] = call }
        return call
    }

    /// Sends an event of a call to the host.
    ///
    /// - Parameter isBlocking: True if other calls wait for this one to return.
    private func report(_ event: CallEvent, of id: UInt64, isBlocking: Bool) {
        switch event {
        case .started:
            surroundings.enter(id)
        case .output(let part):
            channel.sendSoon(.output(id, mediaType: part.mediaType, part.bytes, continues: false))
        case .progress(let fraction, let message):
            channel.send(.progress(id, fraction, message))
        case .ended(let end):
            let end = WorkerCallEnd(reason: end.reason, isTruncated: end.output.isTruncated, duration: end.duration)
            surroundings.flush()
            channel.send(.ended(id, end))
        case .returned(let isReleased):
            surroundings.leave()
            if isReleased { remove(id) }
            reportHandles()
            let message = WorkerMessage.returned(id, isReleased: isReleased)
            if isBlocking || !isReleased { channel.send(message) } else { channel.sendSoon(message) }
        case .released:
            remove(id)
            channel.send(.released(id))
        }
    }

    /// Reports to the host when the plugin opens its first handle or closes its last one.
    private func reportHandles() {
        conversation.withLock { state in
            let holdsHandles = (state.plugin?.handles.count ?? 0) > 0
            guard holdsHandles != state.holdsHandles else { return }
            state.holdsHandles = holdsHandles
            channel.send(.holdsHandles(holdsHandles))
        }
    }

    private func remove(_ id: UInt64) {
        calls.withLock { _ = $0.removeValue(forKey: id) }
    }

    private func resolve(_ name: String) -> [String]? {
        questions.ask { number in channel.send(.resolve(number, name)) }
    }
}
