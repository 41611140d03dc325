import CCurl
import Glibc

/// A transfer as libcurl runs it: the easy handle and the memory that it refers to.
///
/// Used on the thread of its ``CurlLoop`` alone. Exactly one of ``end(_:_:)`` and ``stop(_:_:)`` frees it.
struct CurlHandle {
    let easy: OpaquePointer
    let transfer: CurlTransfer
    private let headers: UnsafeMutablePointer<curl_slist>?
    /// libcurl's words for an error.
    private let words: UnsafeMutablePointer<CChar>

    /// Prepares a transfer.
    ///
    /// - Throws: ``HTTPError`` if the request cannot be sent as it is.
    init(_ transfer: CurlTransfer, _ configuration: CurlTransport.Configuration) throws(HTTPError) {
        let request = transfer.request
        try Self.check(request)
        try CurlLibrary.check(request.url)
        guard let easy = libcurl_easy_init() else { throw HTTPError(.libraryUnavailable, "libcurl has no memory") }
        self.easy = easy
        self.transfer = transfer
        words = .allocate(capacity: Int(CURL_ERROR_SIZE))
        words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        // An empty value takes away a header of libcurl's own: a server is not to be asked whether it wants the body.
        var list = libcurl_slist_append(nil, "Expect:")
        for header in request.headers { list = libcurl_slist_append(list, "\(header.name): \(header.value)") ?? list }
        headers = list

        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(min(request.timeouts.connect, .seconds(86_400)) / .milliseconds(1))))
        _ = libcurl_easy_set_pointer(easy, CURLOPT_HTTPHEADER, headers)
        _ = libcurl_easy_set_pointer(easy, CURLOPT_ERRORBUFFER, words)
        if request.method == .post {
            set(CURLOPT_POST, 1)
            let body = request.body ?? []
            set(CURLOPT_POSTFIELDSIZE, body.count)
            body.withUnsafeBytes { bytes in
                // It copies them.
                _ = libcurl_easy_set_pointer(
                    easy,
                    CURLOPT_COPYPOSTFIELDS,
                    UnsafeMutableRawPointer(mutating: bytes.baseAddress)
                )
            }
        }
        if let path = request.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        setProxy(configuration.proxy, request)
        if let file = configuration.certificateFile { set(CURLOPT_CAINFO, file) }
        if let directory = configuration.certificateDirectory { set(CURLOPT_CAPATH, directory) }
        setCallbacks()
    }

    /// Refuses what would change the meaning of a request: a line break in a header begins another header.
    private static func check(_ request: HTTPRequest) throws(HTTPError) {
        let isClean = { (text: String) in text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
        guard isClean(request.url), !request.url.contains(" ") else {
            throw HTTPError(.invalidRequest, "the address has a space or a control character")
        }
        for header in request.headers where !isClean(header.name) || !isClean(header.value) {
            throw HTTPError(.invalidRequest, "the header \(header.name.prefix(40)) has a control character")
        }
        // What sockaddr_un holds, with the byte at its end.
        if let path = request.unixSocket, path.isEmpty || path.utf8.count > 107 || !isClean(path) {
            throw HTTPError(.invalidRequest, "the path of a Unix socket has 1 to 107 bytes and no control characters")
        }
    }

    private func set(_ option: CURLoption, _ value: Int) { _ = libcurl_easy_set_long(easy, option, value) }
    private func set(_ option: CURLoption, _ value: String) { _ = libcurl_easy_set_string(easy, option, value) }

    private func setProxy(_ proxy: CurlTransport.Proxy, _ request: HTTPRequest) {
        // No proxy knows the way back to this machine.
        if request.unixSocket != nil || LoopbackHost.isIn(request.url) { return set(CURLOPT_NOPROXY, "*") }
        switch proxy {
        case .environment: break
        case .none: set(CURLOPT_PROXY, "")
        case .url(let url): set(CURLOPT_PROXY, url)
        }
    }

    private func setCallbacks() {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        _ = libcurl_easy_set_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            CurlHandle.give(bytes, size * count, context) { $0.receive(headerLine: $1) }
        }
        _ = libcurl_easy_set_pointer(easy, CURLOPT_HEADERDATA, context)
        _ = libcurl_easy_set_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            CurlHandle.give(bytes, size * count, context) { $0.receive(body: $1) }
        }
        _ = libcurl_easy_set_pointer(easy, CURLOPT_WRITEDATA, context)
    }

    /// Hands bytes of libcurl's to a transfer.
    ///
    /// - Returns: What libcurl expects: the count, or a sign to pause or to fail.
    private static func give(
        _ bytes: UnsafeMutablePointer<CChar>?,
        _ count: Int,
        _ context: UnsafeMutableRawPointer?,
        _ receive: (CurlTransfer, UnsafeRawBufferPointer) -> TransferState.Verdict
    ) -> Int {
        guard let context else { return 0 }
        let transfer = Unmanaged<CurlTransfer>.fromOpaque(context).takeUnretainedValue()
        switch receive(transfer, UnsafeRawBufferPointer(start: bytes, count: count)) {
        case .accept: return count
        case .pause: return Int(CURL_WRITEFUNC_PAUSE)
        // libcurl takes any other number than the count for a failure.
        case .refuse: return count == 0 ? 1 : 0
        }
    }

    // MARK: - Going on and ending

    func resume() { _ = libcurl_easy_pause(easy, CURLPAUSE_CONT) }

    /// libcurl has ended the transfer.
    func end(_ result: CURLcode, _ multi: OpaquePointer) {
        let error = result == CURLE_OK ? nil : HTTPError(result, String(cString: words), of: easy)
        transfer.end(error.map { .failure($0) } ?? .success(()))
        free(multi)
    }

    /// Closes the connection and ends the transfer with an error.
    func stop(_ error: any Error, _ multi: OpaquePointer) {
        transfer.end(.failure(error))
        free(multi)
    }

    private func free(_ multi: OpaquePointer) {
        _ = libcurl_multi_remove_handle(multi, easy)
        libcurl_easy_cleanup(easy)
        libcurl_slist_free_all(headers)
        words.deallocate()
    }
}
