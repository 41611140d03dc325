/// The classes of writing direction that RFC 5893 distinguishes in host names.
///
/// The standard library has no directions. The blocks that Unicode reserves for right-to-left scripts replace them.
enum WritingDirection {
    case leftToRight
    case rightToLeft
    case europeanDigit
    case arabicDigit
    case mark
    case neutral

    init(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case 0x30...0x39, 0x6F0...0x6F9: self = .europeanDigit
        case 0x660...0x669, 0x10D30...0x10D39: self = .arabicDigit
        case 0x2D, 0xB7, 0x375, 0x200C, 0x200D, 0x30FB: self = .neutral
        case _ where scalar.properties.generalCategory == .nonspacingMark: self = .mark
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF: self = .rightToLeft
        default: self = .leftToRight
        }
    }

    /// Returns true if the display order of a name is unambiguous.
    ///
    /// If one label is written from right to left, all labels must obey RFC 5893.
    static func isUnambiguous(_ labels: [HostnameLabel]) -> Bool {
        let labels = labels.map { $0.scalars.map(WritingDirection.init) }
        guard labels.contains(where: { $0.contains { $0 == .rightToLeft || $0 == .arabicDigit } }) else { return true }
        return labels.allSatisfy { label in
            let last = label.last { $0 != .mark }
            switch label.first {
            case .leftToRight:
                return (last == .leftToRight || last == .europeanDigit)
                    && !label.contains { $0 == .rightToLeft || $0 == .arabicDigit }
            case .rightToLeft:
                return last != .neutral && !label.contains(.leftToRight)
                    && !(label.contains(.europeanDigit) && label.contains(.arabicDigit))
            default:
                return false
            }
        }
    }
}
