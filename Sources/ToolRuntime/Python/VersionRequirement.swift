/// A requirement of a Python version, such as `>=3.10,<4` (PEP 440).
package struct VersionRequirement: Sendable, Hashable {
    /// The requirement as written.
    package let text: String
    fileprivate let clauses: [Clause]

    fileprivate struct Clause: Sendable, Hashable {
        let comparison: String
        /// The numbers of the version.
        let numbers: [Int]
        /// True for a version that ends with `.*`.
        let isPrefix: Bool
    }

    private static let comparisons = ["~=", "==", "!=", ">=", "<=", ">", "<"]
    private static let maximumClauses = 16

    /// Reads a requirement.
    ///
    /// - Returns: Nil if it is not valid. Versions other than numbers, such as `3.13rc1`, are not valid.
    package init?(_ text: String) {
        self.text = text
        var clauses: [Clause] = []
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        guard text.utf8.count <= 256, parts.count <= Self.maximumClauses else { return nil }
        for part in parts {
            let part = part.trimmed
            guard let comparison = Self.comparisons.first(where: { part.hasPrefix($0) }) else { return nil }
            var version = part.dropFirst(comparison.count).trimmed
            let isPrefix = version.hasSuffix(".*")
            if isPrefix { version = version.dropLast(2) }
            let names = version.split(separator: ".", omittingEmptySubsequences: false)
            let numbers = names.compactMap { name in
                name.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } ? UInt16(name).map(Int.init) : nil
            }
            guard numbers.count == names.count, 1...3 ~= numbers.count else { return nil }
            guard !isPrefix || comparison == "==" || comparison == "!=" else { return nil }
            guard comparison != "~=" || numbers.count > 1 else { return nil }
            clauses.append(Clause(comparison: comparison, numbers: numbers, isPrefix: isPrefix))
        }
        self.clauses = clauses
    }

    /// Returns true if a version meets the requirement.
    package func isMet(by version: PythonVersion) -> Bool { clauses.allSatisfy { $0.isMet(by: version) } }
}

extension VersionRequirement.Clause {
    fileprivate func isMet(by version: PythonVersion) -> Bool {
        let actual = [version.major, version.minor, version.micro]
        let wanted = numbers + Array(repeating: 0, count: 3 - numbers.count)
        let matches = isPrefix ? actual.starts(with: numbers) : actual == wanted
        let precedes = actual.lexicographicallyPrecedes(wanted)
        return switch comparison {
        case "==": matches
        case "!=": !matches
        case ">=": !precedes
        case "<=": precedes || matches
        case ">": !precedes && !matches
        case "<": precedes
        default: !precedes && actual.starts(with: numbers.dropLast())
        }
    }
}

extension Substring {
    /// The string without blanks at its ends.
    fileprivate var trimmed: Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
