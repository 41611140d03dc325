import TestSupport
import Testing
import ToolHost

/// The process in which the plugins of a test run.
enum Isolation {
    /// The isolation of the hosts that ``HostFixture`` creates.
    @TaskLocal static var current = PluginIsolation.inProcess

    /// Workers with the program of the same build.
    static let workers = PluginIsolation.workers(
        WorkerConfiguration(program: BuiltProducts.executable("toolhost-worker"))
    )
}

/// Runs a test twice: with plugins in this process, and with plugins in workers.
struct InBothIsolations: TestTrait, SuiteTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Isolation.$current.withValue(.inProcess, operation: function)
        try await Isolation.$current.withValue(Isolation.workers, operation: function)
    }

    func scopeProvider(for test: Test, testCase: Test.Case?) -> InBothIsolations? {
        // A scope for the suite would surround the tests, each of which already has its scope.
        testCase == nil ? nil : self
    }
}

extension Trait where Self == InBothIsolations {
    /// A trait that runs a test with plugins in this process and with plugins in workers.
    static var inBothIsolations: InBothIsolations { InBothIsolations() }
}
