import Glibc
import Synchronization
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

        package init(
            confine: @escaping @Sendable (_ confinement: [UInt8], _ path: String) throws(PluginError) -> [UInt8],
            tighten: @escaping @Sendable () throws(PluginError) -> Void,
            enter: @escaping @Sendable (_ call: UInt64) -> Void,
            leave: @escaping @Sendable () -> Void
        ) {
            self.confine = confine
            self.tighten = tighten
            self.enter = enter
            self.leave = leave
        }
    }

    private let channel: FrameChannel
    private let surroundings: Surroundings
    // Without a value while it starts.
    private let calls = Mutex<[UInt64: PluginCall?]>([:])
    private let questions = Questions()

    private static let maximumMessageBytes = 1 << 30

    /// - Parameter socket: A stream socket, which stays the caller's.
    package init(socket: Int32, surroundings: Surroundings) {
        channel = FrameChannel(socket)
        self.surroundings = surroundings
    }

    /// Serves until the host closes its end.
    ///
    /// - Throws: ``FrameError`` where the host does not speak the protocol.
    package func run() throws(FrameError) {
        defer { questions.close() }
        channel.send(.hello(version: workerProtocolVersion))
        var assembly = MessageAssembly(limit: Self.maximumMessageBytes)
        var plugin: LoadedPlugin?
        while let frame = try channel.receive() {
            guard let whole = try assembly.take(frame) else { continue }
            switch (try HostMessage(whole), plugin) {
            case (.load(let order), nil):
                guard let loaded = load(order) else { return }
                plugin = loaded
            case (.configure(let values, let mayResolve), let plugin?):
                let resolver: PluginContext.Resolver = { [self] name in resolve(name) }
                plugin.context.configure(values, resolver: mayResolve ? resolver : nil)
            case (.call(let id, let order), let plugin?):
                try start(id, order, plugin)
            case (.cancel(let id), _):
                calls.withLock { $0[id] ?? nil }?.cancel()
            case (.addresses(let question, let addresses), _):
                questions.answer(question, addresses)
            default:
                throw FrameError("a frame of kind \(whole.kind) that is not expected here")
            }
        }
    }

    private func load(_ order: WorkerOrder) -> LoadedPlugin? {
        do throws(PluginError) {
            let mappings = MappedFiles()
            channel.send(.confined(try surroundings.confine(order.confinement, order.path)))
            let file = try PluginFile(checking: order.path)
            guard file.identity == order.identity else {
                throw PluginError(.notTrusted, file: order.path, "Was replaced while it was loaded. Try again.")
            }
            let plugin = try LoadedPlugin(
                loading: file,
                limits: RegistrationLimits(manifestBytes: order.manifestBytes, schemaBytes: order.schemaBytes),
                log: { [channel] level, message in channel.send(.log(level, message)) },
                violated: { [channel] sentence in channel.send(.violation(sentence)) }
            )
            try mappings.check(file)
            try surroundings.tighten()
            channel.send(.registered(plugin.registration))
            return plugin
        } catch {
            channel.send(.refused(code: error.code.rawValue, error.message))
            return nil
        }
    }

    private func start(_ id: UInt64, _ order: CallOrder, _ plugin: LoadedPlugin) throws(FrameError) {
        guard plugin.tools.indices.contains(order.tool) else { throw FrameError("a tool that does not exist") }
        let arguments: JSONObject
        do {
            let limits = JSONLimits(bytes: order.arguments.count)
            arguments = try JSON(parsing: order.arguments, limits: limits).object ?? [:]
        } catch {
            throw FrameError("arguments that are not JSON: \(error)")
        }
        let request = CallRequest(
            arguments: arguments,
            timeout: order.timeout,
            grace: order.grace,
            resultBytes: order.resultBytes
        )
        calls.withLock { $0[id] = .some(nil) }
        let call = plugin.start(plugin.tools[order.tool], request) { [self] event in tell(event, of: id) }
        calls.withLock { calls in
            // It may be over by now.
            if calls[id] != nil { calls[id] = .some(call) }
        }
    }

    private func tell(_ event: CallEvent, of id: UInt64) {
        switch event {
        case .started:
            surroundings.enter(id)
        case .output(let part):
            channel.send(.output(id, mediaType: part.mediaType, part.bytes, continues: false))
        case .progress(let fraction, let message):
            channel.send(.progress(id, fraction, message))
        case .ended(let end):
            let end = WorkerCallEnd(reason: end.reason, isTruncated: end.output.isTruncated, duration: end.duration)
            channel.send(.ended(id, end))
        case .returned(let isOver):
            surroundings.leave()
            if isOver { forget(id) }
            channel.send(.returned(id, isOver: isOver))
        case .over:
            forget(id)
            channel.send(.over(id))
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
        var isClosed = false
    }

    private let monitor = Monitor(State())

    func ask(_ send: (UInt64) -> Void) -> [String]? {
        let number = monitor.change { state in
            state.last += 1
            state.answers[state.last] = .some(.none)
            return state.last
        }
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
            if state.answers[number] != nil { state.answers[number] = .some(.some(addresses)) }
        }
    }

    func close() { monitor.change { $0.isClosed = true } }
}
