import CCrypto

/// A SHA-256 that the system's libcrypto computes.
struct SHA256: ~Copyable {
    private let hash: OpaquePointer

    /// The number of bytes of a result.
    static let byteCount = Int(LIBCRYPTO_SHA256_BYTES)

    /// Begins a hash.
    ///
    /// The first in a process opens the library, which takes some milliseconds.
    ///
    /// - Throws: ``HashError/unavailable(_:)`` where the system has no libcrypto that can be used.
    init() throws(HashError) {
        guard libcrypto_open() == LIBCRYPTO_READY else {
            throw .unavailable(
                "SHA-256 needs the system's libcrypto, which cannot be used (\(String(cString: libcrypto_open_error()))). "
                    + "Install the package libssl3."
            )
        }
        guard let hash = libcrypto_sha256() else { throw Self.refusal }
        self.hash = hash
    }

    deinit { libcrypto_hash_free(hash) }

    mutating func update(_ bytes: RawSpan) throws(HashError) {
        let isTaken = bytes.withUnsafeBytes { libcrypto_hash_update(hash, $0.baseAddress, $0.count) }
        guard isTaken else { throw Self.refusal }
    }

    consuming func finish() throws(HashError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Self.byteCount)
        guard libcrypto_hash_finish(hash, &result) else { throw Self.refusal }
        return result
    }

    private static let refusal = HashError.unavailable(
        "The system's libcrypto refuses SHA-256; its configuration (openssl.cnf) may forbid it."
    )
}

/// The reason why something has no hash.
enum HashError: Error, Sendable, Hashable {
    /// The file cannot be read, or is no longer the one that was checked.
    case changed
    /// The system cannot compute hashes: sentences that say why and what to do.
    case unavailable(String)
}
