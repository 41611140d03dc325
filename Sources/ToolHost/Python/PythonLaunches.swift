import Glibc
import ToolRuntime

/// The starts of interpreters for the Python files of a search path.
struct PythonLaunches: Sendable {
    private let interpreters: PythonInterpreters
    private let cacheDirectory: String?
    private let runner: Result<PythonRunner, PythonError>

    /// - Parameters:
    ///   - worker: The real path of the worker program.
    ///   - cacheDirectory: The directory of the replies of interpreters, or nil to store none.
    init(_ configuration: PythonConfiguration, worker: String, cacheDirectory: String?) {
        self.cacheDirectory = cacheDirectory
        interpreters = PythonInterpreters(configuration, cacheDirectory: cacheDirectory)
        runner = Result { () throws(PythonError) in try PythonRunner(besideWorker: worker) }
    }

    /// Returns the start of a plugin's interpreter.
    ///
    /// - Parameters:
    ///   - name: The name of the plugin.
    ///   - file: The file, which errors name.
    func launch(ofPlugin name: String, file: String) throws(PluginError) -> PythonLaunch {
        do throws(PythonError) {
            let interpreter = try interpreters.interpreter(ofPlugin: name)
            let runner = try runner.get()
            let bytecode = PythonBytecode.directory(of: interpreter, runner, in: cacheDirectory)
            return PythonLaunch(interpreter: interpreter, runner: runner, bytecode: bytecode)
        } catch {
            throw error.of(file)
        }
    }
}
