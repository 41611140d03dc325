import CCrypto

/// A SHA-256 that the system's libcrypto computes.
struct SHA256: ~Copyable {
    private let hash: OpaquePointer

    /// The number of bytes of a result.
    static let byteCount = Int(LIBCRYPTO_SHA256_BYTES)

    /// Begins a hash.
    ///
    /// The first hash of a process opens the library, which takes some milliseconds.
    ///
    /// - Throws: ``HashError/unavailable(_:_:)`` if the system has no usable libcrypto.
    init() throws(HashError) {
        guard libcrypto_open() == LIBCRYPTO_READY else {
            let reason = String(cString: libcrypto_open_error())
            throw .unavailable(
                "SHA-256 needs the system's libcrypto, which cannot be used (\(reason)).",
                .install(package: "libssl3")
            )
        }
        guard let hash = libcrypto_sha256() else { throw Self.refusal }
        self.hash = hash
    }

    deinit { libcrypto_hash_free(hash) }

    /// Adds bytes to the hash.
    mutating func update(_ bytes: RawSpan) throws(HashError) {
        let isAccepted = bytes.withUnsafeBytes { libcrypto_hash_update(hash, $0.baseAddress, $0.count) }
        guard isAccepted else { throw Self.refusal }
    }

    /// Returns the hash.
    consuming func finish() throws(HashError) -> [UInt8] {
        var result = [UInt8](repeating: 0, count: Self.byteCount)
        guard libcrypto_hash_finish(hash, &result) else { throw Self.refusal }
        return result
    }

    private static let refusal = HashError.unavailable(
        "The system's libcrypto refuses SHA-256; its configuration (openssl.cnf) may forbid it.",
        nil
    )
}
