import CWorker
import Locks
import ToolRuntime

/// The hashes of files that have not changed since they were hashed.
///
/// All methods may be called on any thread.
final class KnownHashes: Sendable {
    fileprivate struct State {
        var hashes: [FileIdentity: [UInt8]]
        /// The files that this run has used.
        var used: Set<FileIdentity> = []
        var isChanged = false
        var times: ChangeTimes
    }

    private let state: Lock<State>

    /// - Parameters:
    ///   - hashes: The hashes of earlier runs.
    ///   - times: The judge of identities, made when this run began.
    init(_ hashes: [FileIdentity: [UInt8]], _ times: ChangeTimes = ChangeTimes()) {
        state = Lock(State(hashes: hashes, times: times))
    }

    /// True if no file of a plugin has to be read for its hash.
    func cover(_ file: PluginFile) -> Bool {
        state.withLock { state in file.parts.allSatisfy { state.known($0) != nil } }
    }

    /// Returns the hash of a file, and computes it if it is not known.
    func hash(of part: PluginFile.Part) throws(HashError) -> [UInt8] {
        if let known = state.withLock({ $0.known(part) }) { return known }
        var isProven = false
        let hash = try ContentHash.hash(part) { descriptor in
            let isProof = state.withLock { $0.times.prove(part.identity, descriptor) }
            isProven = isProof && worker_settle_changes(descriptor) != 0
        }
        if isProven { state.withLock { $0.add(hash, part.identity) } }
        return hash
    }

    /// True if this run has computed a hash that the next one need not compute again.
    var isChanged: Bool { state.withLock(\.isChanged) }

    /// The hashes for the next run.
    ///
    /// - Parameter limit: The maximum number; hashes that this run has not used are dropped first.
    func kept(limit: Int) -> [FileIdentity: [UInt8]] {
        state.withLock { state in
            guard state.hashes.count > limit else { return state.hashes }
            let used = state.hashes.filter { state.used.contains($0.key) }
            let others = state.hashes.filter { !state.used.contains($0.key) }
            let kept = (Array(used) + Array(others)).prefix(limit)
            return Dictionary(kept.map { ($0.key, $0.value) }) { first, _ in first }
        }
    }
}

extension KnownHashes.State {
    fileprivate mutating func known(_ part: PluginFile.Part) -> [UInt8]? {
        guard let hash = hashes[part.identity], times.prove(part.identity, at: part.path) else { return nil }
        used.insert(part.identity)
        return hash
    }

    fileprivate mutating func add(_ hash: [UInt8], _ identity: FileIdentity) {
        // An earlier state of the file does not return.
        for old in hashes.keys where old.number == identity.number { hashes[old] = nil }
        hashes[identity] = hash
        used.insert(identity)
        isChanged = true
    }
}
