import Foundation
import Glibc
import HTTPClient
import TestSupport
import Testing

/// The servers are instances of `openssl s_server`.
///
/// Each test creates its own authority.
@Suite("A server's certificate", .timeLimit(.minutes(10)))
struct CertificateTests {
    /// A certificate from the authority of a test.
    enum Certificate: String, CaseIterable {
        case valid, expired, notYetValid, otherHost, otherAuthority
    }

    @Test(
        "a certificate must be valid now, for the host, and from a trusted authority",
        arguments: Certificate.allCases
    )
    func certificates(certificate: Certificate) async throws {
        let authority = try Authority()
        let server = try TLSServer(authority, certificate)
        var configuration = CurlTransport.Configuration()
        configuration.certificateFile = authority.certificate
        let received = try await CurlTransport(configuration).receive(HTTPRequest(.get, server.url))
        guard certificate != .valid else {
            #expect(received.status == 200 && received.error == nil, "\(received)")
            return
        }
        #expect(received.status == nil)
        #expect(received.error?.code == .certificateRejected, "\(received)")
        let word = [Certificate.expired: "expired", .notYetValid: "not yet valid", .otherHost: "host name"][certificate]
        if let word { #expect(received.error?.reason.contains(word) == true, "\(received)") }
    }

    @Test("the certificate of a private authority is rejected unless the authority is configured")
    func unknownAuthority() async throws {
        let authority = try Authority()
        let server = try TLSServer(authority, .valid)
        let received = try await CurlTransport().receive(HTTPRequest(.get, server.url))
        #expect(received.error?.code == .certificateRejected, "\(received)")
        let named = CurlTransport(CurlTransport.Configuration(environment: ["SSL_CERT_FILE": authority.certificate]))
        #expect(try await named.receive(HTTPRequest(.get, server.url)).status == 200)
    }

    @Test("a certificate that arrives while the process exits does not crash it", arguments: 1...8)
    func exit(round: Int) async throws {
        let authority = try Authority()
        let server = try TLSServer(authority, .valid)
        let (url, file) = (server.url, authority.certificate)
        await #expect(processExitsWith: .success) { [url = url as String, file = file as String] in
            var configuration = CurlTransport.Configuration()
            configuration.certificateFile = file
            let transport = CurlTransport(configuration)
            let (answers, answer) = AsyncStream.makeStream(of: Void.self)
            for _ in 0..<4 {
                Task.detached {
                    while true {
                        _ = try? await transport.receive(HTTPRequest(.get, url))
                        answer.yield()
                    }
                }
            }
            // Handshakes take place from now until the end.
            for await _ in answers { break }
            Glibc.exit(EXIT_SUCCESS)
        }
    }

    @Test("a server without TLS is an error for https, and one with TLS for http")
    func plain() async throws {
        let server = try ScriptedServer([.body("x")])
        defer { server.stop() }
        let received = try await CurlTransport().receive(HTTPRequest(.get, "https://\(server.address)/"))
        #expect(received.error != nil && received.status == nil, "\(received)")
        let authority = try Authority()
        let tls = try TLSServer(authority, .valid)
        let other = try await CurlTransport().receive(
            HTTPRequest(.get, tls.url.replacingOccurrences(of: "https", with: "http"))
        )
        #expect(other.error != nil, "\(other)")
    }
}

/// A certificate authority in a temporary directory.
private struct Authority {
    let directory: FixtureDirectory

    var certificate: String { directory.path + "/ca.pem" }

    init() throws {
        directory = try FixtureDirectory()
        for name in ["ca", "other"] { try makeAuthority(name) }
        try directory.file("serial", "01\n".utf8)
    }

    private func makeAuthority(_ name: String) throws {
        try run([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
            "/CN=\(name)", "-keyout", "\(name).key", "-out", "\(name).pem",
        ])
    }

    /// Creates the certificate and the key of a server: `server.pem` and `server.key`.
    func issue(_ kind: CertificateTests.Certificate) throws {
        try run([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=server", "-keyout",
            "server.key", "-out", "server.csr",
        ])
        let name = kind == .otherHost ? "DNS:model.example" : "DNS:localhost,IP:127.0.0.1"
        try directory.file("extensions", "subjectAltName=\(name)\n".utf8)
        let signer = kind == .otherAuthority ? "other" : "ca"
        try directory.file("index", [])
        try directory.file("index.attr", "unique_subject = no\n".utf8)
        try directory.file(
            "ca.conf",
            """
            [ca]
            default_ca = own
            [own]
            new_certs_dir = .
            database = index
            serial = serial
            default_md = sha256
            policy = any
            [any]
            commonName = supplied

            """.utf8
        )
        let (start, end) =
            switch kind {
            case .expired: ("20200101000000Z", "20210101000000Z")
            case .notYetValid: ("20900101000000Z", "20910101000000Z")
            default: ("20200101000000Z", "20910101000000Z")
            }
        try run([
            "ca", "-batch", "-config", "ca.conf", "-cert", "\(signer).pem", "-keyfile", "\(signer).key", "-in",
            "server.csr", "-out", "server.pem", "-extfile", "extensions", "-startdate", start, "-enddate", end,
        ])
    }

    private func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: directory.path)
        process.standardOutput = FileHandle.nullDevice
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let words = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(
            process.terminationStatus == 0,
            "openssl \(arguments[0]): \(String(decoding: words, as: UTF8.self))"
        )
    }
}

/// An `openssl s_server`, which answers every request with a status page until this object is released.
private final class TLSServer {
    let url: String
    private let process = Process()

    init(_ authority: Authority, _ kind: CertificateTests.Certificate) throws {
        try authority.issue(kind)
        process.executableURL = URL(filePath: "/usr/bin/openssl")
        process.arguments = ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", "server.pem", "-key", "server.key"]
        process.currentDirectoryURL = URL(filePath: authority.directory.path)
        process.standardInput = Pipe()
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        // "ACCEPT 127.0.0.1:43210"
        var text = ""
        while !text.contains(/ACCEPT \S+:\d+\n/) {
            let data = output.fileHandleForReading.availableData
            try #require(!data.isEmpty, "openssl s_server has ended: \(text)")
            text += String(decoding: data, as: UTF8.self)
        }
        let port = try #require(text.firstMatch(of: /ACCEPT \S+:(\d+)\n/)?.1)
        url = "https://127.0.0.1:\(port)/"
    }

    deinit {
        // SIGTERM does not terminate it, because it inherits the signal mask of a thread of Swift's pool.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }
}
