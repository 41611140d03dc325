import CSandbox

/// The files that every program can read, because the C library, the loader or a language runtime needs them.
enum RuntimeFiles {
    /// The certificates of public authorities, which plugins with a connect grant need to verify servers.
    static let certificates = [
        "/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/ssl/openssl.cnf", "/usr/share/ca-certificates",
        "/etc/ca-certificates", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem", "/etc/pki/ca-trust/extracted",
    ]

    /// The null device, which every program can also write to.
    static let nowhere = "/dev/null"

    // Without /dev/zero: a shared mapping of it is memory that no limit counts. From /proc only the files with which
    // the Swift runtime reads its arguments and the C library finds the stack.
    private static let wellKnown = [
        "/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64",
        "/usr/share/zoneinfo", "/usr/share/locale", "/etc/localtime", "/etc/timezone", LoaderCache.path,
        "/dev/urandom", "/dev/random", "/proc/self/cmdline", "/proc/self/maps",
    ]

    /// Returns the unique paths, without those below a well-known directory.
    static func paths() -> [String] {
        let directories = LoaderCache.directories().union(loadedDirectories())
        return wellKnown
            + directories.sorted().filter { directory in !wellKnown.contains { (directory + "/").hasPrefix($0 + "/") } }
    }

    /// Returns the directories of the libraries that this program is linked with.
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
