// Glibc declares `environ` as a global variable, so each use of it is an access to shared state.
@preconcurrency import Glibc

/// The environment of this process.
enum ProcessEnvironment {
    /// Returns all variables but one, each as `NAME=VALUE`.
    static func variables(besides name: String) -> [String] {
        var variables: [String] = []
        var next = environ
        while let pointer = next.pointee {
            let variable = String(cString: pointer)
            if !variable.utf8.starts(with: "\(name)=".utf8) { variables.append(variable) }
            next = next.successor()
        }
        return variables
    }
}
