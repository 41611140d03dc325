/// Names of hosts: RFC 1123, section 2.1, and RFC 5890 with its labels in other scripts.
enum HostnameFormats {
    /// The longest name, in its ASCII form.
    private static let maximumLength = 253

    static func isHostname(_ text: FormatText) -> Bool {
        isHostname(text, international: false) { $0 == "." }
    }

    /// The same with labels in any script, and the full stops of East Asia as separators (RFC 3490, section 3.1).
    static func isInternationalHostname(_ text: FormatText) -> Bool {
        isHostname(text, international: true) { ".\u{3002}\u{FF0E}\u{FF61}".unicodeScalars.contains($0) }
    }

    private static func isHostname(
        _ text: FormatText,
        international: Bool,
        isSeparator: (Unicode.Scalar) -> Bool
    ) -> Bool {
        // No label becomes shorter in its ASCII form.
        guard text.prefix(maximumLength + 1).count <= maximumLength else { return false }
        var labels: [HostnameLabel] = []
        for part in text.split(omittingEmptySubsequences: false, whereSeparator: isSeparator) {
            guard international || part.allSatisfy(\.isASCII), let label = HostnameLabel(part) else { return false }
            labels.append(label)
        }
        return labels.reduce(labels.count - 1) { $0 + $1.encodedLength } <= maximumLength
            && WritingDirection.isUnambiguous(labels)
    }
}
