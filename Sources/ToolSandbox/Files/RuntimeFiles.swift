import CSandbox

/// What every program may read, because the C library, the loader or a language's runtime does.
enum RuntimeFiles {
    /// Certificates of public authorities: whoever may connect has to check whom it talks to.
    static let certificates = [
        "/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/ssl/openssl.cnf", "/usr/share/ca-certificates",
        "/etc/ca-certificates", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem", "/etc/pki/ca-trust/extracted",
    ]

    /// May also be written to.
    static let nowhere = "/dev/null"

    // Not /dev/zero: mapped as shared it is memory that no limit counts. Of /proc only what the Swift runtime reads to
    // learn its arguments and the C library to find its stack.
    private static let wellKnown = [
        "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
        "/usr/share/zoneinfo", "/usr/share/locale", "/etc/localtime", "/etc/timezone", LoaderCache.path,
        "/dev/urandom", "/dev/random", "/proc/self/cmdline", "/proc/self/maps",
    ]

    /// The paths, each once and none that lies in another.
    static func paths() -> [String] {
        let directories = LoaderCache.directories().union(loadedDirectories())
        return wellKnown
            + directories.sorted().filter { directory in !wellKnown.contains { (directory + "/").hasPrefix($0 + "/") } }
    }

    /// The directories of the libraries that this program itself was linked with, wherever they are installed.
    private static func loadedDirectories() -> Set<String> {
        var directories: Set<String> = []
        withUnsafeMutablePointer(to: &directories) { directories in
            sandbox_visit_libraries(
                { path, directories in
                    let path = String(cString: path)
                    guard path.hasPrefix("/"), let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
                        return
                    }
                    directories.assumingMemoryBound(to: Set<String>.self).pointee.insert(String(path[..<slash]))
                },
                directories
            )
        }
        return directories
    }
}
