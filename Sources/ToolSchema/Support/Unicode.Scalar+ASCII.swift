extension Unicode.Scalar {
    var isASCIIDigit: Bool { "0"..."9" ~= self }

    var isASCIILetter: Bool { "a"..."z" ~= self || "A"..."Z" ~= self }

    var hexadecimalValue: UInt32? {
        switch self {
        case "0"..."9": value - 0x30
        case "a"..."f": value - 0x57
        case "A"..."F": value - 0x37
        default: nil
        }
    }
}
