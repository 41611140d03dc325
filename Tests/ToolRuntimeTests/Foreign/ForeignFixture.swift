import Foundation
import Locks
import TestSupport
import ToolJSON
import ToolRuntime

/// A library of C functions with a binding, loaded into this process without a host, a schema or a worker.
final class ForeignFixture: Sendable {
    typealias Tools = [(name: String, parameters: String, returns: String)]

    let plugin: LoadedPlugin
    private let functions: [String: ForeignFunction]
    /// The reasons why tools cannot be called, by tool.
    let faults: [String: String]
    // Removed with this object.
    private let directory: FixtureDirectory

    private static let prelude = """
        #include <errno.h>
        #include <pthread.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>

        """

    /// Compiles and loads a library.
    ///
    /// - Parameter source: The C source text, whose functions are exported unless they are static.
    init(_ source: String, types: String = "{}", _ tools: Tools, flags: [String] = []) throws {
        directory = try FixtureDirectory()
        let sanitizer = ProcessInfo.processInfo.environment["TOOLHOST_SANITIZER"]
        // A sanitizer detects only the accesses of instrumented code.
        try directory.plugin(
            "library.so",
            Self.prelude + source,
            flags: flags + (sanitizer.map { ["-fsanitize=\($0)", "-g"] } ?? []),
            compiler: sanitizer == nil ? "cc" : "clang"
        )
        let members = tools.map {
            #"{"name": "\#($0.name)", "description": "", "parameters": [\#($0.parameters)], "returns": \#($0.returns)}"#
        }
        let binding =
            #"{"toolhost": 1, "plugin": {"name": "things"}, "library": "./library.so", "types": \#(types), "tools": [\#(members.joined(separator: ",\n"))]}"#
        let path = try directory.file("things.tool.json", binding.utf8)
        plugin = try LoadedPlugin(loading: PluginFile(checking: path)) { _, _ in }
        let named = try plugin.tools.map { (try JSON(parsing: $0.schema)["name"]?.string ?? "", $0) }
        functions = Dictionary(uniqueKeysWithValues: named.compactMap { pair in pair.1.function.map { (pair.0, $0) } })
        faults = Dictionary(uniqueKeysWithValues: named.compactMap { pair in pair.1.fault.map { (pair.0, $0) } })
    }

    /// Calls a function on this thread.
    func call(_ name: String, _ arguments: JSON = [:], limit: Int = 1 << 20) -> Result<JSON, NativeCallError> {
        Result { () throws(NativeCallError) in
            try functions[name]?.call(arguments.object ?? [:], limit: limit) ?? .string("no function \(name)")
        }
    }

    /// Calls a function on a new thread.
    func start(_ name: String, _ arguments: JSON = [:]) -> Started {
        let started = Started()
        Thread.detachNewThread { started.end(self.call(name, arguments)) }
        return started
    }

    /// A call that runs.
    final class Started: Sendable {
        private let outcome = Lock<Result<JSON, NativeCallError>?>(nil)
        private let hasEnded = DispatchSemaphore(value: 0)

        fileprivate func end(_ result: Result<JSON, NativeCallError>) {
            outcome.withLock { $0 = result }
            hasEnded.signal()
        }

        /// Waits for the result.
        func result() -> Result<JSON, NativeCallError>? {
            hasEnded.wait()
            return outcome.withLock(\.self)
        }
    }
}

extension Result where Success == JSON, Failure == NativeCallError {
    /// The value, or `nil`.
    var value: JSON? { try? get() }

    /// The message of a failure, or "".
    var words: String {
        if case .failure(let failure) = self { failure.message } else { "" }
    }
}
