/// A test for addresses of this machine.
package enum LoopbackHost {
    /// Returns true if a host name or numeric address, without brackets, is certainly this machine.
    package static func contains(_ host: String) -> Bool {
        if host.lowercased() == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        // A resolver may read a number in any other notation as a name.
        let areNumbers = parts.allSatisfy { part in UInt8(part).map(String.init) ?? "" == part }
        return parts.count == 4 && parts[0] == "127" && areNumbers
    }

    /// Returns true if the host of an address is certainly this machine.
    static func isIn(_ url: String) -> Bool {
        guard let scheme = url.firstRange(of: "://") else { return false }
        // Compare bytes, as libcurl does: a character may be a delimiter with an accent.
        let authority = url[scheme.upperBound...].utf8.prefix { !"/?#".utf8.contains($0) }
        let start = authority.lastIndex(of: UInt8(ascii: "@")).map { authority.index(after: $0) }
        let host = authority[(start ?? authority.startIndex)...]
        let name =
            host.first == UInt8(ascii: "[")
            ? host.dropFirst().prefix { $0 != UInt8(ascii: "]") } : host.prefix { $0 != UInt8(ascii: ":") }
        return contains(String(decoding: name, as: UTF8.self))
    }
}
