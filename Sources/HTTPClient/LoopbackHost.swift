/// Addresses of this machine.
package enum LoopbackHost {
    /// Returns true if a host name or numeric address, without brackets, is this machine for certain.
    package static func contains(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// Returns true if the host of an address is this machine for certain.
    static func isIn(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        let authority = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
        let start = authority.lastIndex(of: "@").map { authority.index(after: $0) }
        let host = authority[(start ?? authority.startIndex)...]
        if host.hasPrefix("[") { return contains(String(host.dropFirst().prefix { $0 != "]" })) }
        return contains(String(host.prefix { $0 != ":" }))
    }
}
