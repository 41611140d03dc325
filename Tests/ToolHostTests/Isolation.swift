import TestSupport
import Testing
import ToolHost

/// Where the plugins of a test run.
enum Isolation {
    /// What ``HostFixture`` gives the hosts that it makes.
    @TaskLocal static var current = PluginIsolation.inProcess

    /// The worker program, as it was built.
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
        // A suite's own scope surrounds all of its tests, each of which has one too.
        testCase == nil ? nil : self
    }
}

extension Trait where Self == InBothIsolations {
    /// What holds in this process holds in workers: the whole contract crosses.
    static var inBothIsolations: InBothIsolations { InBothIsolations() }
}
