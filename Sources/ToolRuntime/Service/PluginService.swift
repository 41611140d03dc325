import Glibc
import Synchronization
import ToolContract
import ToolJSON

/// Serves one plugin to a host at the other end of a socket: the whole of what a worker process does.
///
/// The host is trusted here: it is what started the process.
package final class PluginService: Sendable {
    /// What a process does about itself around the plugin's code.
    package struct Surroundings: Sendable {
        /// Confines the process, before any code of the plugin can run.
        ///
        /// It is given the host's order and the plugin's real path, and returns what the kernel really enforces, as JSON.
        package var confine: @Sendable (_ confinement: [UInt8], _ path: String) throws(PluginError) -> [UInt8]
        /// Confines it further, once the plugin has registered.
        package var tighten: @Sendable () throws(PluginError) -> Void
        /// Told on a call's own thread that the tool's code begins, so that a crash can be laid at its door.
        package var enter: @Sendable (_ call: UInt64) -> Void
        /// Told on the same thread that the tool's code is done.
        package var leave: @Sendable () -> Void
        /// Writes what the plugin has printed and the C library still holds.
        ///
        /// It is called before the end of a call is reported.
        package var flush: @Sendable () -> Void

        package init(
            confine: @escaping @Sendable (_ confinement: [UInt8], _ path: String) throws(PluginError) -> [UInt8],
            tighten: @escaping @Sendable () throws(PluginError) -> Void,
            enter: @escaping @Sendable (_ call: UInt64) -> Void,
            leave: @escaping @Sendable () -> Void,
            flush: @escaping @Sendable () -> Void
        ) {
            self.confine = confine
            self.tighten = tighten
            self.enter = enter
            self.leave = leave
            self.flush = flush
        }
    }

    private let channel: FrameChannel
    private let surroundings: Surroundings
    private let calls = Mutex<[UInt64: PluginCall]>([:])
    private let questions = Questions()
    private let conversation = Mutex(Conversation())
    private let end = Monitor<Result<Void, FrameError>?>(nil)

    /// What the listening thread knows, and hands on to the next.
    private struct Conversation {
        var assembly = MessageAssembly(limit: 1 << 30)
        var plugin: LoadedPlugin?
        /// Whether the host has been told that the plugin keeps something.
        var keeps = false
    }

    /// - Parameter socket: A stream socket, which stays the caller's.
    package init(socket: Int32, surroundings: Surroundings) {
        channel = FrameChannel(socket)
        self.surroundings = surroundings
    }

    /// Serves until the host closes its end.
    ///
    /// The plugin is loaded on this thread, which must be the only one of a process that is to be confined.
    ///
    /// - Throws: ``FrameError`` where the host does not speak the protocol.
    package func run() throws(FrameError) {
        defer { questions.close() }
        channel.send(.hello(version: workerProtocolVersion))
        listen()
        let result = end.wait { $0.map { .done($0) } ?? .wait(until: nil) }
        conversation.withLock(\.plugin)?.closeHandles()
        try result.get()
    }

    /// Listens to the host until there is a call to run: then another thread listens on, and this one runs it.
    ///
    /// A thread less to wake is half of what a short call costs.
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
            let whole = try conversation.withLock { state throws(FrameError) in try state.assembly.take(frame) }
            if let whole { return try HostMessage(whole) }
        }
        return nil
    }

    /// - Returns: A call that is to begin.
    private func handle(_ message: HostMessage) throws(FrameError) -> PluginCall? {
        switch (message, conversation.withLock(\.plugin)) {
        case (.load(let order), nil):
            // Where it cannot be used, the host has been told, and goes.
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
            questions.answer(question, addresses)
        default:
            throw FrameError("a message that is not expected here")
        }
        return nil
    }

    private func load(_ order: WorkerOrder) -> LoadedPlugin? {
        do throws(PluginError) {
            let mappings = MappedFiles()
            // Before anything of the plugin is loaded: what the host hears of it after this, the plugin may have said.
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
        let arguments: JSONObject
        do {
            let limits = JSONLimits(bytes: order.arguments.count, values: .max)
            arguments = try JSON(parsing: order.arguments, limits: limits).object ?? [:]
        } catch {
            throw FrameError("arguments that are not JSON: \(error)")
        }
        var request = CallRequest(
            arguments: arguments,
            timeout: order.timeout,
            grace: order.grace,
            resultBytes: order.resultBytes
        )
        // The host has the parts by then.
        request.keepsOutput = false
        let tool = plugin.tools[order.tool]
        let call = plugin.prepare(tool, request) { [self] event in tell(event, of: id, isWaitedFor: !tool.isConcurrent)
        }
        calls.withLock { $0[id] = call }
        return call
    }

    /// - Parameter isWaitedFor: Whether other calls wait for this one to return.
    private func tell(_ event: CallEvent, of id: UInt64, isWaitedFor: Bool) {
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
        case .returned(let isOver):
            surroundings.leave()
            if isOver { forget(id) }
            tellWhetherSomethingIsKept()
            let message = WorkerMessage.returned(id, isOver: isOver)
            if isWaitedFor || !isOver { channel.send(message) } else { channel.sendSoon(message) }
        case .over:
            forget(id)
            channel.send(.over(id))
        }
    }

    private func tellWhetherSomethingIsKept() {
        conversation.withLock { state in
            let keeps = (state.plugin?.handles.count ?? 0) > 0
            guard keeps != state.keeps else { return }
            state.keeps = keeps
            channel.send(.keeps(keeps))
        }
    }

    private func forget(_ id: UInt64) {
        calls.withLock { _ = $0.removeValue(forKey: id) }
    }

    private func resolve(_ name: String) -> [String]? {
        questions.ask { number in channel.send(.resolve(number, name)) }
    }
}

/// Questions that wait for the host's answers.
private final class Questions: Sendable {
    private struct State {
        var last: UInt64 = 0
        // Without a value while the host has not answered.
        var answers: [UInt64: [String]??] = [:]
        /// How many the host has not answered.
        var open = 0
        var isClosed = false
    }

    private let monitor = Monitor(State())

    func ask(_ send: (UInt64) -> Void) -> [String]? {
        let free: UInt64? = monitor.wait { state in
            if state.isClosed { return .done(nil) }
            // More at once and the host would end this process.
            guard state.open < maximumOpenQuestions else { return .wait(until: nil) }
            state.open += 1
            state.last += 1
            state.answers[state.last] = .some(.none)
            return .done(state.last)
        }
        guard let number = free else { return nil }
        send(number)
        return monitor.wait { state in
            if let answer = state.answers[number] ?? nil {
                state.answers[number] = nil
                return .done(answer)
            }
            return state.isClosed ? .done(nil) : .wait(until: nil)
        }
    }

    func answer(_ number: UInt64, _ addresses: [String]?) {
        monitor.change { state in
            guard case .some(.none) = state.answers[number] else { return }
            state.answers[number] = .some(.some(addresses))
            state.open -= 1
        }
    }

    func close() { monitor.change { $0.isClosed = true } }
}
