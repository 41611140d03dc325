import CCurl
import Glibc

extension HTTPError {
    /// Creates the error for a result of libcurl.
    ///
    /// - Parameters:
    ///   - result: The result.
    ///   - message: libcurl's description, which may be empty.
    ///   - easy: The transfer, for the system's error number.
    init(_ result: CURLcode, _ message: String, of easy: OpaquePointer) {
        let message = message.isEmpty ? String(cString: libcurl_easy_strerror(result)) : message
        switch result {
        case _ where message.hasPrefix("Unsupported proxy"):
            // libcurl's description contains the whole address, including a password.
            self.init(.connectionFailed, "the address of the proxy is malformed or of an unknown kind")
        case CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN:
            let version = String(cString: libcurl_version())
            self.init(.libraryUnavailable, "libcurl \(version) cannot do what the request needs: \(message)")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            self.init(.invalidResponse, message)
        case CURLE_URL_MALFORMAT, CURLE_BAD_FUNCTION_ARGUMENT:
            self.init(.invalidRequest, message)
        case CURLE_COULDNT_CONNECT:
            // "Failed to connect to 127.0.0.1 port 80 after 0 ms: Couldn't connect to server"
            let number = Int32(truncatingIfNeeded: libcurl_easy_get_long(easy, CURLINFO_OS_ERRNO))
            let system = number > 0 ? String(cString: strerror(number)) : nil
            let subject = message.firstRange(of: " after ").map { String(message[..<$0.lowerBound]) }
            self.init(.connectionFailed, system.map { "\(subject ?? message): \($0)" } ?? message)
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY, CURLE_SSL_CONNECT_ERROR:
            self.init(.connectionFailed, message)
        case CURLE_RECV_ERROR where ![0, 200].contains(libcurl_easy_get_long(easy, CURLINFO_HTTP_CONNECTCODE)):
            // The proxy refused the tunnel.
            self.init(.connectionFailed, message)
        case CURLE_OPERATION_TIMEDOUT:
            self.init(.connectTimedOut, message)
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
            self.init(.certificateRejected, message, remedy: .addCertificate)
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            self.init(.connectionLost, "the server closed the connection")
        default:
            self.init(.connectionLost, message)
        }
    }
}
