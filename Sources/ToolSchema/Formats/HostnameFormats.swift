/// The formats of host names: RFC 1123, section 2.1, and RFC 5890 with labels in other scripts.
enum HostnameFormats {
    /// The maximum length of the ASCII form, in bytes.
    private static let maximumLength = 253

    static func isHostname(_ text: FormatText) -> Bool {
        isHostname(text, international: false) { $0 == "." }
    }

    /// Returns true for a name with labels in any script and East Asian full stops (RFC 3490, section 3.1).
    static func isInternationalHostname(_ text: FormatText) -> Bool {
        isHostname(text, international: true) { ".\u{3002}\u{FF0E}\u{FF61}".unicodeScalars.contains($0) }
    }

    private static func isHostname(
        _ text: FormatText,
        international: Bool,
        isSeparator: (Unicode.Scalar) -> Bool
    ) -> Bool {
        // The ASCII form of a label is never shorter than the label.
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
