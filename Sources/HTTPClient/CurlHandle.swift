import CCurl
import Glibc

/// A transfer in libcurl: an easy handle and the memory that it refers to.
///
/// It is used only on the thread of its ``CurlLoop``. Exactly one call of ``end(_:_:)`` or ``stop(_:_:)`` frees it.
struct CurlHandle {
    let easy: OpaquePointer
    let transfer: CurlTransfer
    private var headers: UnsafeMutablePointer<curl_slist>?
    /// The buffer for libcurl's description of an error.
    private let message: UnsafeMutablePointer<CChar>
    /// The first failure to set an option.
    private var failure = CURLE_OK

    /// Prepares a transfer.
    ///
    /// - Throws: ``HTTPError`` if the request is not valid, or this libcurl lacks a feature that it needs. A request is
    ///   never sent without its proxy, its socket or its body.
    init(_ transfer: CurlTransfer, _ configuration: CurlTransport.Configuration) throws(HTTPError) {
        let request = transfer.request
        try Self.check(request)
        try CurlLibrary.check(request.url)
        guard let easy = libcurl_easy_init() else { throw HTTPError(.libraryUnavailable, "libcurl has no memory") }
        self.easy = easy
        self.transfer = transfer
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        // An empty value removes a header that libcurl adds. The body is sent without asking the server first.
        append("Expect:")
        for header in request.headers {
            // libcurl has a separate syntax for a header with an empty value.
            append(header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }

        set(CURLOPT_URL, request.url)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        let connect = max(.milliseconds(1), min(request.timeouts.connect, .seconds(86_400)))
        set(CURLOPT_CONNECTTIMEOUT_MS, Int(connect / .milliseconds(1)))
        set(CURLOPT_HTTPHEADER, headers)
        set(CURLOPT_ERRORBUFFER, message)
        if request.method == .post {
            set(CURLOPT_POST, 1)
            let body = request.body ?? []
            set(CURLOPT_POSTFIELDSIZE, body.count)
            // libcurl copies the bytes.
            body.withUnsafeBytes { set(CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress)) }
        }
        if let path = request.unixSocket { set(CURLOPT_UNIX_SOCKET_PATH, path) }
        setProxy(configuration.proxy, request)
        if let file = configuration.certificateFile { set(CURLOPT_CAINFO, file) }
        if let directory = configuration.certificateDirectory { set(CURLOPT_CAPATH, directory) }
        setCallbacks()
        guard failure == CURLE_OK else {
            let error = HTTPError(failure, "", of: easy)
            free()
            throw error
        }
    }

    /// Rejects characters that would change the meaning of a request: a line break in a header begins another header.
    private static func check(_ request: HTTPRequest) throws(HTTPError) {
        let isClean = { (text: String) in text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }
        guard isClean(request.url), !request.url.utf8.contains(0x20) else {
            throw HTTPError(.invalidRequest, "the address has a space or a control character")
        }
        // libcurl accepts other addresses, and would read another host from them than LoopbackHost does.
        guard ["http://", "https://"].contains(where: request.url.lowercased().hasPrefix) else {
            throw HTTPError(.invalidRequest, "the address does not begin with http:// or https://")
        }
        for header in request.headers where !isClean(header.name) || !isClean(header.value) {
            throw HTTPError(.invalidRequest, "the header \(header.name.prefix(40)) has a control character")
        }
        // The capacity of sockaddr_un, without the terminating byte.
        if let path = request.unixSocket, path.isEmpty || path.utf8.count > 107 || !isClean(path) {
            throw HTTPError(.invalidRequest, "the path of a Unix socket has 1 to 107 bytes and no control characters")
        }
    }

    private mutating func append(_ line: String) {
        guard let longer = libcurl_slist_append(headers, line) else { return note(CURLE_OUT_OF_MEMORY) }
        headers = longer
    }

    private mutating func note(_ result: CURLcode) {
        if failure == CURLE_OK { failure = result }
    }

    private mutating func set(_ option: CURLoption, _ value: Int) { note(libcurl_easy_set_long(easy, option, value)) }

    private mutating func set(_ option: CURLoption, _ value: String) {
        note(libcurl_easy_set_string(easy, option, value))
    }

    private mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        note(libcurl_easy_set_pointer(easy, option, value))
    }

    private mutating func setProxy(_ proxy: CurlTransport.Proxy, _ request: HTTPRequest) {
        // A proxy cannot reach a server on this machine.
        if request.unixSocket != nil || LoopbackHost.isIn(request.url) { return set(CURLOPT_NOPROXY, "*") }
        switch proxy {
        case .environment: break
        case .none: set(CURLOPT_PROXY, "")
        case .url(let url): set(CURLOPT_PROXY, url)
        }
    }

    private mutating func setCallbacks() {
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        note(
            libcurl_easy_set_callback(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                CurlHandle.deliver(bytes, size * count, context) { $0.receive(headerLine: $1) }
            }
        )
        set(CURLOPT_HEADERDATA, context)
        note(
            libcurl_easy_set_callback(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                CurlHandle.deliver(bytes, size * count, context) { $0.receive(body: $1) }
            }
        )
        set(CURLOPT_WRITEDATA, context)
    }

    /// Passes bytes from libcurl to a transfer.
    ///
    /// - Returns: The result that libcurl expects: the count, or a value that means to pause or to fail.
    private static func deliver(
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
        // libcurl treats any number other than the count as a failure.
        case .refuse: return count == 0 ? 1 : 0
        }
    }

    // MARK: - Resuming and ending

    /// Makes libcurl deliver the bytes that it stored during a pause, and continue to read.
    ///
    /// - Returns: An error if the transfer cannot continue. libcurl does not end the transfer in that case.
    func resume() -> CURLcode { libcurl_easy_pause(easy, CURLPAUSE_CONT) }

    /// Ends the transfer with libcurl's result, and frees it.
    func end(_ result: CURLcode, _ multi: OpaquePointer) {
        let error = result == CURLE_OK ? nil : HTTPError(result, String(cString: message), of: easy)
        transfer.end(error.map { .failure($0) } ?? .success(()))
        free(multi)
    }

    /// Closes the connection, ends the transfer with an error and frees it.
    func stop(_ error: any Error, _ multi: OpaquePointer) {
        transfer.end(.failure(error))
        free(multi)
    }

    private func free(_ multi: OpaquePointer) {
        _ = libcurl_multi_remove_handle(multi, easy)
        free()
    }

    private func free() {
        // libcurl may call the callbacks until the handle is freed.
        withExtendedLifetime(transfer) { libcurl_easy_cleanup(easy) }
        libcurl_slist_free_all(headers)
        message.deallocate()
    }
}
