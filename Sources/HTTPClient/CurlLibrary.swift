import CCurl
import Locks

/// The system's libcurl.
enum CurlLibrary {
    /// The name of the package that contains the library, on Debian and its derivatives.
    private static let package = "libcurl4"

    private static let lock = Lock(())

    /// Opens the library if it is not open yet, which takes a few milliseconds.
    ///
    /// The function may be called on any thread. After a failure, the next call tries again.
    ///
    /// - Throws: ``HTTPError`` with the code `libraryUnavailable`.
    static func open() throws(HTTPError) {
        try lock.withLock { _ throws(HTTPError) in try openUnlocked() }
    }

    private static func openUnlocked() throws(HTTPError) {
        let state = libcurl_open()
        if state == LIBCURL_READY { return }
        let detail = String(cString: libcurl_open_error())
        throw HTTPError(
            .libraryUnavailable,
            state == LIBCURL_MISSING
                ? "libcurl cannot be opened (\(detail))"
                : "libcurl 7.85 or later is needed, and this machine has \(detail)",
            remedy: .install(package: package)
        )
    }

    /// Checks that the library supports the protocol of an address.
    static func check(_ url: String) throws(HTTPError) {
        guard url.lowercased().hasPrefix("https:"), !libcurl_has_tls() else { return }
        throw HTTPError(
            .libraryUnavailable,
            "this machine's libcurl \(String(cString: libcurl_version())) has no TLS, which https needs",
            remedy: .install(package: package)
        )
    }
}
