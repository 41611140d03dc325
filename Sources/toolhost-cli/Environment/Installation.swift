import Glibc

/// The files of this installation, found from the running program.
enum Installation {
    /// The version of the program.
    static let version = "0.1.0"

    /// The directory of this program, with symbolic links resolved.
    private static let directory: String? = {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        let text = String(cString: path)
        return text.lastIndex(of: "/").map { String(text[..<$0]) }
    }()

    /// The directory of the plugins that were installed with the program; nil if it does not exist.
    static let plugins = directory.map { $0 + "/../lib/toolhost/plugins" }.flatMap { path -> String? in
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The lock file of the plugins that were installed with the program.
    static let lockFile = directory.map { $0 + "/../share/toolhost/plugins.lock.json" }

    /// Returns the path of a program of the installation, or of a build directory; nil if it is missing.
    static func helper(_ name: String) -> String? {
        guard let directory else { return nil }
        return ["\(directory)/../libexec/toolhost/\(name)", "\(directory)/\(name)"].first { access($0, X_OK) == 0 }
    }
}
