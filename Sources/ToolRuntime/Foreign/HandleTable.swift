import Synchronization

/// Pointers that a library gave and that the host keeps for it from call to call, under names that a model passes on.
///
/// A name says the kind, a number that is never used again, and the process: `database-1-5f3a90c2`.
final class HandleTable: Sendable {
    typealias Close = @convention(c) (UnsafeMutableRawPointer?) -> Int32

    /// A pointer that a function gave.
    struct Given: Sendable, Hashable {
        /// Only ever given back to the library.
        let address: UInt
        let kind: String

        init(_ pointer: UnsafeMutableRawPointer, _ kind: String) {
            (address, self.kind) = (UInt(bitPattern: pointer), kind)
        }
    }

    /// An open handle, while a call uses it.
    struct Borrowed {
        let number: Int
        let pointer: UnsafeMutableRawPointer
    }

    private enum Use { case none, call, closingCall }

    private struct Entry {
        let number: Int
        let given: Given
        var use = Use.none
    }

    private struct State {
        // In the order of opening.
        var entries: [Entry] = []
        var last = 0
        var isEnded = false

        /// The number of a pointer that is kept.
        ///
        /// While a call closes one, the library may give the same address to another.
        func number(of given: Given) -> Int? {
            entries.last { $0.given == given && $0.use != .closingCall }?.number
        }

        /// Those that are not kept, each once, in their order.
        func strangers(among given: [Given]) -> [Given] {
            var seen: Set<Given> = []
            return given.filter { number(of: $0) == nil && seen.insert($0).inserted }
        }
    }

    private static let maximumHandles = 1024

    private let closers: [String: Close]
    private let mark: String
    private let state = Mutex(State())

    /// - Parameter closers: The function that closes a handle, by kind; kinds without one are just forgotten.
    init(_ closers: [String: Close]) {
        self.closers = closers
        mark = String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16)
    }

    deinit { closeAll() }

    /// Handles that are open.
    var count: Int { state.withLock(\.entries.count) }

    /// Keeps pointers, all of them or none, and gives their names; the same pointer keeps the name that it has.
    ///
    /// What it does not keep it closes.
    func keep(_ given: [Given]) throws(NativeCallError) -> [String] {
        let (numbers, isEnded): ([Int]?, Bool) = state.withLock { state in
            let strangers = state.strangers(among: given)
            guard !state.isEnded, state.entries.count + strangers.count <= Self.maximumHandles else {
                return (nil, state.isEnded)
            }
            for foreignWriter in strangers {
                state.last += 1
                state.entries.append(Entry(number: state.last, given: foreignWriter))
            }
            return (given.compactMap { state.number(of: $0) }, false)
        }
        guard let numbers else {
            discard(given)
            throw .failed(
                isEnded
                    ? "No handles are kept any more: the process ends."
                    : "\(Self.maximumHandles) handles are open, and no more are kept: close some first."
            )
        }
        return zip(given, numbers).map { "\($0.kind)-\($1)-\(mark)" }
    }

    /// Lends the pointer behind a name to a call.
    ///
    /// - Parameter mayClose: Whether the call closes it: its address may then belong to another before it is given back.
    func borrow(
        _ name: String,
        _ kind: String,
        for path: String,
        mayClose: Bool
    ) throws(NativeCallError) -> Borrowed {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let number = Int(parts[1]) else {
            throw .invalid("\(path): \"\(name.prefix(80))\" is no \(kind) handle; pass on one that another call gave")
        }
        guard parts[2] == mark else {
            throw .invalid(
                "\(path): \"\(name.prefix(80))\" is a handle of another process, or of one that has ended; open it anew"
            )
        }
        guard parts[0] == kind else {
            throw .invalid("\(path): \"\(name.prefix(80))\" is a \(parts[0]) handle, and a \(kind) handle is needed")
        }
        let found: (address: UInt, isFree: Bool)? = state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.number == number && $0.given.kind == kind }) else {
                return nil
            }
            let isFree = state.entries[index].use == .none
            if isFree { state.entries[index].use = mayClose ? .closingCall : .call }
            return (state.entries[index].given.address, isFree)
        }
        guard let found, let pointer = UnsafeMutableRawPointer(bitPattern: found.address) else {
            throw .invalid("\(path): \"\(name.prefix(80))\" has been closed")
        }
        guard found.isFree else {
            throw .failed("\(path): \"\(name.prefix(80))\" is in use by another call; wait for its answer.")
        }
        return Borrowed(number: number, pointer: pointer)
    }

    /// A call is done with a handle; where it has closed it, the name is no longer good.
    func giveBack(_ handle: Borrowed, isClosed: Bool) {
        let number = handle.number
        let leftOver: Given? = state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.number == number }) else { return nil }
            let given = state.entries[index].given
            // Not closed after all, and the library gave it once more meanwhile: the later name is the good one.
            let hasOther = state.entries[(index + 1)...].contains { $0.given == given }
            guard isClosed || hasOther || state.isEnded else {
                state.entries[index].use = .none
                return nil
            }
            state.entries.remove(at: index)
            return isClosed || hasOther ? nil : given
        }
        if let leftOver { close(leftOver) }
    }

    /// Closes pointers that nobody is to have, unless they are kept.
    func discard(_ given: [Given]) {
        for foreignWriter in state.withLock({ $0.strangers(among: given) }).reversed() { close(foreignWriter) }
    }

    /// Closes what is open, the newest first, for good; what a call still uses once that is done.
    func closeAll() {
        let open: [Given] = state.withLock { state in
            state.isEnded = true
            defer { state.entries.removeAll { $0.use == .none } }
            return state.entries.filter { $0.use == .none }.map(\.given)
        }
        for given in open.reversed() { close(given) }
    }

    private func close(_ given: Given) {
        _ = closers[given.kind]?(UnsafeMutableRawPointer(bitPattern: given.address))
    }
}
