import Synchronization

/// Pointers that a library gave and that the host keeps for it from call to call, under names that a model passes on.
///
/// A name says the kind, a number that is never used again, and the process: `database-1-5f3a90c2`.
final class HandleTable: Sendable {
    typealias Close = @convention(c) (UnsafeMutableRawPointer?) -> Int32

    /// An open handle, while a call uses it.
    struct Borrowed {
        let number: Int
        let pointer: UnsafeMutableRawPointer
    }

    private struct Entry {
        let number: Int
        let kind: String
        /// Only ever given back to the library.
        let address: UInt
        var isBorrowed = false
    }

    private struct State {
        // In the order of opening.
        var entries: [Entry] = []
        var last = 0
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

    /// Keeps a pointer, and gives its name; the same pointer keeps the name that it has.
    func keep(_ pointer: UnsafeMutableRawPointer, _ kind: String) throws(NativeFailure) -> String {
        let address = UInt(bitPattern: pointer)
        let number: Int? = state.withLock { state in
            if let known = state.entries.first(where: { $0.address == address && $0.kind == kind }) {
                return known.number
            }
            guard state.entries.count < Self.maximumHandles else { return nil }
            state.last += 1
            state.entries.append(Entry(number: state.last, kind: kind, address: address))
            return state.last
        }
        guard let number else {
            close(pointer, kind)
            throw .failed("\(Self.maximumHandles) handles are open, and no more are kept: close some first.")
        }
        return "\(kind)-\(number)-\(mark)"
    }

    /// Lends the pointer behind a name to a call.
    func borrow(_ name: String, _ kind: String, for path: String) throws(NativeFailure) -> Borrowed {
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
            guard let index = state.entries.firstIndex(where: { $0.number == number && $0.kind == kind }) else {
                return nil
            }
            let isFree = !state.entries[index].isBorrowed
            state.entries[index].isBorrowed = true
            return (state.entries[index].address, isFree)
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
        state.withLock { state in
            guard let index = state.entries.firstIndex(where: { $0.number == number }) else { return }
            if isClosed { state.entries.remove(at: index) } else { state.entries[index].isBorrowed = false }
        }
    }

    /// Closes a pointer that nobody is to have.
    func close(_ pointer: UnsafeMutableRawPointer, _ kind: String) { _ = closers[kind]?(pointer) }

    /// Closes what is still open, the newest first.
    func closeAll() {
        let open: [(kind: String, address: UInt)] = state.withLock { state in
            defer { state.entries = [] }
            return state.entries.reversed().map { ($0.kind, $0.address) }
        }
        for (kind, address) in open {
            if let pointer = UnsafeMutableRawPointer(bitPattern: address) { close(pointer, kind) }
        }
    }
}
