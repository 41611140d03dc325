public import ToolJSON

/// One call of a tool, as its function sees it.
///
/// It must not be used after the function has returned.
public struct ToolInvocation: Sendable {
    /// The arguments.
    public let arguments: JSONObject

    let call: CallHandle

    /// Whether the call should stop: nobody waits for its answer any more.
    public var isCancelled: Bool { call.isCancelled }

    /// Ends the call where it should stop.
    ///
    /// - Throws: ``ToolFailure/cancelled``.
    public func checkCancellation() throws(ToolFailure) {
        if isCancelled { throw .cancelled }
    }

    /// The user's value of a configuration key that the manifest declares; `nil` while it is not set.
    public func configuration(_ key: String) -> String? { call.configuration(key) }

    /// Says how far the call is: from 0 to 1, or `nil` where that is unknown.
    public func progress(_ fraction: Double?, _ message: String = "") { call.progress(fraction, message) }

    /// Writes a line to the host's log.
    public func log(_ message: String) { call.log(message) }
}

// MARK: - Arguments

extension ToolInvocation {
    /// A text that must be there.
    public func text(_ name: String) throws(ToolFailure) -> String {
        guard let text = try optionalText(name) else { throw missing(name, "a text") }
        return text
    }

    /// A text, or `nil` where it is missing or null.
    public func optionalText(_ name: String) throws(ToolFailure) -> String? {
        guard let value = present(name) else { return nil }
        guard let text = value.string else { throw mismatch(name, "a text", value) }
        return text
    }

    /// A whole number, or `nil` where it is missing or null.
    ///
    /// - Parameters:
    ///   - name: The argument's name.
    ///   - range: What it may be.
    public func optionalInteger(_ name: String, in range: ClosedRange<Int>) throws(ToolFailure) -> Int? {
        guard let value = present(name) else { return nil }
        guard let number = value.int, range.contains(number) else {
            throw mismatch(name, "a whole number from \(range.lowerBound) to \(range.upperBound)", value)
        }
        return number
    }

    private func present(_ name: String) -> JSON? {
        arguments[name].flatMap { $0.isNull ? nil : $0 }
    }

    private func missing(_ name: String, _ wanted: String) -> ToolFailure {
        .invalidArguments("\(name): expected \(wanted), got nothing")
    }

    private func mismatch(_ name: String, _ wanted: String, _ value: JSON) -> ToolFailure {
        .invalidArguments("\(name): expected \(wanted), got \(String(value.text().prefix(80)))")
    }
}
