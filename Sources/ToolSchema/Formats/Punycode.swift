/// The ASCII encoding of host name labels (RFC 3492), without the prefix `xn--`.
///
/// Both directions take quadratic time. The callers limit a label to 63 characters.
enum Punycode {
    private static let base = 36
    private static let minimumThreshold = 1
    private static let maximumThreshold = 26

    /// Decodes a label, or returns nil if it is invalid.
    static func decode(_ text: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        let delimiter = text.lastIndex(of: "-")
        var output = Array(text[..<(delimiter ?? 0)])
        var rest = text[(delimiter.map { $0 + 1 } ?? 0)...]
        var bias = Bias()
        var codePoint = 0x80
        var index = 0
        while !rest.isEmpty {
            let start = index
            var weight = 1
            for position in stride(from: base, through: .max, by: base) {
                guard let digit = rest.popFirst().flatMap(value) else { return nil }
                let (product, overflow) = digit.multipliedReportingOverflow(by: weight)
                guard !overflow, product <= Int(Int32.max) - index else { return nil }
                index += product
                let threshold = bias.threshold(at: position)
                if digit < threshold { break }
                weight *= base - threshold
                guard weight <= Int(Int32.max) else { return nil }
            }
            let count = output.count + 1
            bias.adapt(delta: index - start, count: count, isFirst: start == 0)
            codePoint += index / count
            index %= count
            guard codePoint <= 0x10FFFF, let scalar = Unicode.Scalar(UInt32(codePoint)) else { return nil }
            output.insert(scalar, at: index)
            index += 1
        }
        return output
    }

    /// Encodes a label, or returns nil if it is too long.
    static func encode(_ label: [Unicode.Scalar]) -> [Unicode.Scalar]? {
        guard label.count <= HostnameLabel.maximumLength else { return nil }
        var output = label.filter(\.isASCII)
        let basicCount = output.count
        var handled = basicCount
        if basicCount > 0 { output.append("-") }
        var bias = Bias()
        var codePoint = 0x80
        var delta = 0
        while handled < label.count {
            guard let least = label.lazy.map({ Int($0.value) }).filter({ $0 >= codePoint }).min() else { return nil }
            delta += (least - codePoint) * (handled + 1)
            codePoint = least
            for scalar in label {
                if Int(scalar.value) < codePoint { delta += 1 }
                guard Int(scalar.value) == codePoint else { continue }
                var rest = delta
                for position in stride(from: base, through: .max, by: base) {
                    let threshold = bias.threshold(at: position)
                    if rest < threshold { break }
                    output.append(digit(threshold + (rest - threshold) % (base - threshold)))
                    rest = (rest - threshold) / (base - threshold)
                }
                output.append(digit(rest))
                bias.adapt(delta: delta, count: handled + 1, isFirst: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            codePoint += 1
        }
        return output
    }

    /// The bias, an estimate of the number of digits of the next number (RFC 3492, section 6.1).
    private struct Bias {
        private var value = 72

        func threshold(at position: Int) -> Int {
            min(max(position - value, minimumThreshold), maximumThreshold)
        }

        mutating func adapt(delta: Int, count: Int, isFirst: Bool) {
            var delta = isFirst ? delta / 700 : delta / 2
            delta += delta / count
            var shift = 0
            while delta > (base - minimumThreshold) * maximumThreshold / 2 {
                delta /= base - minimumThreshold
                shift += base
            }
            value = shift + base * delta / (delta + 38)
        }
    }

    private static func value(_ scalar: Unicode.Scalar) -> Int? {
        switch scalar {
        case "a"..."z": Int(scalar.value - 0x61)
        case "0"..."9": Int(scalar.value - 0x30) + 26
        default: nil
        }
    }

    private static func digit(_ value: Int) -> Unicode.Scalar {
        Unicode.Scalar(UInt8(value < 26 ? value + 0x61 : value - 26 + 0x30))
    }
}
