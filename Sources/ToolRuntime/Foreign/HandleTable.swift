import Locks

/// The open handles of a library: pointers that stay valid between calls, under names that the model passes.
///
/// A name has the kind, a number that is never used again, and a mark of the process: `database-1-5f3a90c2`.
final class HandleTable: Sendable {
    /// A function that closes a handle.
    typealias Close = @convention(c) (UnsafeMutableRawPointer?) -> Int32

    /// A pointer that a function returned, with its kind.
    struct Object: Sendable, Hashable {
        /// The address, which is only passed back to the library.
        let address: UInt
        let kind: String

        init(_ pointer: UnsafeMutableRawPointer, _ kind: String) {
            (address, self.kind) = (UInt(bitPattern: pointer), kind)
        }
    }

    /// A handle that a call uses.
    struct Borrowed {
        let number: Int
        let pointer: UnsafeMutableRawPointer
    }

    private enum Use { case none, call, closingCall }

    private struct Entry {
        let number: Int
        let object: Object
        var use = Use.none
    }

    private struct State {
        // In the order of opening.
        var entries: [Entry] = []
        var last = 0
        var isClosed = false

        /// Returns the number of a stored object, or nil.
        ///
        /// While a call closes an object, the library may reuse its address for another one.
        func number(of object: Object) -> Int? {
            entries.last { $0.object == object && $0.use != .closingCall }?.number
        }

        /// Returns the objects that are not stored, each once, in their order.
        func unknown(among objects: [Object]) -> [Object] {
            var seen: Set<Object> = []
            return objects.filter { number(of: $0) == nil && seen.insert($0).inserted }
        }
    }

    private static let maximumHandles = 1024

    private let closers: [String: Close]
    private let mark: String
    private let state = Lock(State())

    /// Creates a table.
    ///
    /// - Parameter closers: The functions that close handles, by kind; handles of other kinds need no closing.
    init(_ closers: [String: Close]) {
        self.closers = closers
        mark = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
    }

    deinit { closeAll() }

    /// The number of open handles.
    var count: Int { state.withLock(\.entries.count) }

    /// Stores objects, all of them or none, and returns their names; a stored object keeps its name.
    ///
    /// If the objects cannot be stored, they are closed.
    ///
    /// - Throws: ``NativeCallError`` if too many handles are open, or the process exits.
    func store(_ objects: [Object]) throws(NativeCallError) -> [String] {
        let (numbers, isClosed): ([Int]?, Bool) = state.withLock { state in
            let unknown = state.unknown(among: objects)
            guard !state.isClosed, state.entries.count + unknown.count <= Self.maximumHandles else {
                return (nil, state.isClosed)
            }
            for object in unknown {
                state.last += 1
                state.entries.append(Entry(number: state.last, object: object))
            }
            return (objects.compactMap { state.number(of: $0) }, false)
        }
        guard let numbers else {
            discard(objects)
            throw .failed(
                isClosed
                    ? "No handle can be opened, because the process is exiting."
                    : "\(Self.maximumHandles) handles are open, which is the maximum. Close some first."
            )
        }
        return zip(objects, numbers).map { "\($0.kind)-\($1)-\(mark)" }
    }

    /// Returns the handle with a name, for the duration of a call.
    ///
    /// - Parameters:
    ///   - path: The argument that an error names.
    ///   - mayClose: True if the call may close the handle; its address may then be reused before the call ends.
    /// - Throws: ``NativeCallError`` if there is no such handle of the kind, or another call uses it.
    func borrow(
        _ name: String,
        _ kind: String,
        for path: String,
        mayClose: Bool
    ) throws(NativeCallError) -> Borrowed {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let number = Int(parts[1]) else {
            throw .invalid("\(path): \"\(name.prefix(80))\" is not a \(kind) handle; pass one that a call returned")
        }
        guard parts[2] == mark else {
            throw .invalid(
                "\(path): \"\(name.prefix(80))\" is a handle of another process, which may have exited; open a new one"
            )
        }
        guard parts[0] == kind else {
            throw .invalid("\(path): \"\(name.prefix(80))\" is a \(parts[0]) handle, but a \(kind) handle is needed")
        }
        let found: (address: UInt, isFree: Bool)? = state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.number == number && $0.object.kind == kind }) else {
                return nil
            }
            let isFree = state.entries[index].use == .none
            if isFree { state.entries[index].use = mayClose ? .closingCall : .call }
            return (state.entries[index].object.address, isFree)
        }
        guard let found, let pointer = UnsafeMutableRawPointer(bitPattern: found.address) else {
            throw .invalid("\(path): \"\(name.prefix(80))\" has been closed")
        }
        guard found.isFree else {
            throw .failed("\(path): \"\(name.prefix(80))\" is in use by another call; wait for its result.")
        }
        return Borrowed(number: number, pointer: pointer)
    }

    /// Ends the use of a handle by a call; the name becomes invalid if the call has closed the handle.
    func endUse(of handle: Borrowed, isClosed: Bool) {
        let number = handle.number
        let unclosed: Object? = state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.number == number }) else { return nil }
            let object = state.entries[index].object
            // If the call did not close the object and the library returned it again, the later name is valid.
            let hasOther = state.entries[(index + 1)...].contains { $0.object == object }
            guard isClosed || hasOther || state.isClosed else {
                state.entries[index].use = .none
                return nil
            }
            state.entries.remove(at: index)
            return isClosed || hasOther ? nil : object
        }
        if let unclosed { close(unclosed) }
    }

    /// Closes the objects that are not stored.
    func discard(_ objects: [Object]) {
        for object in state.withLock({ $0.unknown(among: objects) }).reversed() { close(object) }
    }

    /// Closes all handles, the newest first, and lets no more be opened; a handle in use is closed after its call.
    func closeAll() {
        let open: [Object] = state.withLock { state in
            state.isClosed = true
            defer { state.entries.removeAll { $0.use == .none } }
            return state.entries.filter { $0.use == .none }.map(\.object)
        }
        for object in open.reversed() { close(object) }
    }

    private func close(_ object: Object) {
        _ = closers[object.kind]?(UnsafeMutableRawPointer(bitPattern: object.address))
    }
}
