import CWorker
import ToolRuntime

/// The judge of whether an unchanged identity proves an unchanged file.
///
/// It does on file systems that record change times, for files that changed long enough before this value was made.
struct ChangeTimes: Sendable {
    private let now: FileIdentity.Time
    /// The devices whose file systems are known to record change times, or known not to.
    private var devices: [UInt64: Bool] = [:]

    init(now: FileIdentity.Time = .now) { self.now = now }

    /// True if the identity of a file or directory proves its content.
    ///
    /// - Parameter path: The path of the file, or of another one on the same device.
    mutating func prove(_ identity: FileIdentity, at path: String) -> Bool {
        guard identity.isSettled(at: now) else { return false }
        return recordsTimes(identity.number.device) { worker_path_keeps_change_times(path) != 0 }
    }

    /// True if the identity of an open file proves its content.
    mutating func prove(_ identity: FileIdentity, _ descriptor: Int32) -> Bool {
        identity.isSettled(at: now)
            && recordsTimes(identity.number.device) { worker_keeps_change_times(descriptor) != 0 }
    }

    private mutating func recordsTimes(_ device: UInt64, _ check: () -> Bool) -> Bool {
        if let known = devices[device] { return known }
        let result = check()
        devices[device] = result
        return result
    }

    /// True if the findings of an earlier check hold as long as the identities in them are the same.
    mutating func prove(_ findings: PluginFindings, at path: String) -> Bool {
        guard prove(findings.identity, at: path) else { return false }
        for directory in findings.absences where !prove(directory.identity, at: directory.path) { return false }
        return true
    }
}
