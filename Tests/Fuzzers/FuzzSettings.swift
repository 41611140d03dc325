import Glibc
import ToolJSON
import ToolRuntime

@testable import ToolAgent
@testable import ToolHost

/// Decodes any bytes as the files with settings and records: the configuration, the policy, the lock file, the
/// quarantine and the plugin cache.
///
/// Decoded values must not overflow the host's arithmetic, and must be the same after they are written and read again.
@c(LLVMFuzzerTestOneInput)
public func fuzzSettings(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    checkConfiguration(bytes)
    checkFiles(bytes)
    checkCache(bytes)
    return 0
}

// MARK: - The configuration

private func checkConfiguration(_ bytes: [UInt8]) {
    guard let file = try? ConfigurationFile(parsing: bytes) else { return }
    do throws(ToolHostError) {
        var limits = ToolLimits()
        try limits.apply(file.limits)
        var agent = AgentConfiguration()
        try agent.apply(file.limits)
        precondition(agent.maximumRounds > 0 && agent.resultCharacters > 0, "a limit is not positive")
        var configuration = HostConfiguration()
        configuration.limits = limits
        precondition(configuration.limits == limits, "an accepted limit changed")
        check(limits)
    } catch {
        check(error)
    }
}

private func check(_ limits: ToolLimits) {
    let registration = RegistrationLimits(manifestBytes: limits.manifestBytes, schemaBytes: limits.schemaBytes)
    precondition(registration.messageBytes > limits.schemaBytes, "a registration has no room for a schema")
    for time in [limits.timeout, limits.grace, limits.registration, limits.scan] {
        precondition(!time.words.isEmpty, "a duration has no description")
        precondition(MonotonicInstant.now + (time + .seconds(5)) < .endOfTime, "a deadline is beyond the end of time")
    }
    let order = CallOrder(
        tool: 0,
        timeout: limits.timeout,
        grace: limits.grace,
        resultBytes: limits.resultBytes,
        arguments: []
    )
    var encoded: [UInt8] = []
    HostMessage.call(1, order).encode(into: &encoded)
    var decoder = FrameDecoder()
    decoder.append(encoded)
    guard let frame = try? decoder.next(), let again = try? HostMessage(frame), case .call(1, let copy) = again else {
        preconditionFailure("an order cannot be read")
    }
    precondition(copy.resultBytes == order.resultBytes, "an order has another limit")
    precondition(order.timeout - copy.timeout < .nanoseconds(1), "an order has another time")
}

private func check(_ error: ToolHostError) {
    precondition(!error.message.isEmpty, "an error says nothing")
}

// MARK: - User files

/// A directory in memory that only this user can access.
private let directory: String = {
    var template = Array("/dev/shm/toolhost-fuzz-XXXXXX".utf8CString)
    guard let path = mkdtemp(&template) else { fatalError("/dev/shm: \(String(cString: strerror(errno)))") }
    atexit {
        for name in fileNames { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }
    return String(cString: path)
}()

private let fileNames = ["policy.json", "plugins.lock.json", "quarantine.json"]

private func checkFiles(_ bytes: [UInt8]) {
    for name in fileNames {
        let file = open("\(directory)/\(name)", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0, write(file, bytes, bytes.count) == bytes.count, close(file) == 0 else {
            fatalError("\(directory): \(String(cString: strerror(errno)))")
        }
    }
    do throws(ToolHostError) {
        checkPolicy(try PolicyFile(path: "\(directory)/policy.json"))
    } catch {
        check(error)
    }
    do throws(ToolHostError) {
        for record in try TrustFile(path: "\(directory)/plugins.lock.json").records() { check(record.permissions) }
    } catch {
        check(error)
    }
    for entry in Quarantine(directory: directory).held {
        precondition(entry.deaths.count >= Quarantine.deathsAllowed, "a plugin is held without a reason")
    }
}

private func checkPolicy(_ policy: PolicyFile) {
    let arguments: JSON = ["path": "notes/a.txt", "count": 9_223_372_036_854_775_807, "size": .double(1e308)]
    for name in ["read_file", "delete_file"] {
        let request = AuthorizationRequest(toolName: name, arguments: arguments)
        for rule in policy.rules where rule.matches(request) {
            precondition(rule.plugin == nil, "a rule for a plugin matches a tool of the program")
        }
    }
}

private func check(_ permissions: PluginPermissions) {
    precondition((try? PluginPermissions(permissions.json)) == permissions, "other permissions were written")
    precondition(permissions.union(permissions) == permissions, "permissions grow by themselves")
    precondition(permissions.isEmpty || !permissions.union(PluginPermissions()).isEmpty, "permissions are lost")
}

// MARK: - The plugin cache

private func checkCache(_ bytes: [UInt8]) {
    var writer = PayloadWriter()
    writer.text(PluginCache.version)
    writer.integer(PluginCacheFile.checksum(bytes[...]))
    writer.remainder(bytes)
    if let file = try? PluginCacheFile(parsing: writer.payload) {
        _ = KnownHashes(file.hashes).kept(limit: PluginCache.maximumHashes)
        for block in file.entries.values { checkEntry(block) }
        precondition((try? PluginCacheFile(parsing: file.bytes)) == file, "another cache was written")
    }
    _ = try? PluginCacheFile(parsing: bytes)
    checkEntry(bytes[...])
}

private func checkEntry(_ block: ArraySlice<UInt8>) {
    guard let entry = PluginCache.Entry(block) else { return }
    let written = entry.bytes
    precondition(PluginCache.Entry(written[...])?.bytes == written, "another entry was written")
    for identity in entry.identities { _ = identity.isSettled(at: .now) }
    for summary in entry.registered?.soundTools ?? [] {
        guard let timeout = summary?.timeout else { continue }
        precondition(.zero ... .seconds(86_400) ~= timeout, "a tool has a timeout that is none")
        precondition(
            MonotonicInstant.now + (timeout + .seconds(5)) < .endOfTime,
            "a deadline is beyond the end of time"
        )
    }
}
