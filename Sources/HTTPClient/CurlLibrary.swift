import CCurl
import Synchronization

/// The system's libcurl.
enum CurlLibrary {
    private static let lock = Mutex(())

    /// Opens the library if it is not open yet, which takes some milliseconds.
    ///
    /// May be called on any thread. After a failure, the next call tries again.
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
                ? "libcurl cannot be opened (\(detail)); install the package libcurl4"
                : "libcurl 7.85 or later is needed, and this machine has \(detail); update the package libcurl4"
        )
    }

    /// Checks that the library can speak the protocol of an address.
    static func check(_ url: String) throws(HTTPError) {
        guard url.lowercased().hasPrefix("https:"), !libcurl_has_tls() else { return }
        throw HTTPError(
            .libraryUnavailable,
            "this machine's libcurl \(String(cString: libcurl_version())) has no TLS, which https needs; install the "
                + "package libcurl4"
        )
    }
}
