import Glibc
import ToolRuntime

/// The program in Python that serves a plugin: the directory `python` beside the worker program.
struct PythonRunner: Sendable, Hashable {
    /// The real path of the program.
    let path: String
    /// The real path of its directory.
    let directory: String

    /// Finds the runner of a worker program.
    ///
    /// - Parameter worker: The real path of the worker program.
    /// - Throws: ``PythonError`` if it is missing, or other users could replace it.
    init(besideWorker worker: String) throws(PythonError) {
        let parent = worker.utf8.lastIndex(of: UInt8(ascii: "/")).map { worker[..<$0] } ?? ""
        let wanted = "\(parent)/python/runner.py"
        var scan = FileScan()
        switch scan.locate(wanted) {
        case .found(let real, let status):
            if let writer = status.foreignWriter(at: real) {
                throw PythonError(
                    "\(writer) could replace \(real), so it is not run. Make it yours alone: \(status.remedy(real))"
                )
            }
            path = real
            directory = String(real.dropLast("/runner.py".utf8.count))
        case .missing: throw PythonError("The runner of Python plugins was not found at \(wanted).", remedy: .reinstall)
        case .fault(let fault): throw PythonError("The runner \(wanted) cannot be used. \(fault.message)")
        }
    }
}
