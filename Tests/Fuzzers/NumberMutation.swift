import CLibFuzzer

/// Mutates an input: every other time byte by byte, and otherwise by replacing a number with an extreme one.
///
/// Random changes of bytes rarely produce a JSON text with a number at which arithmetic overflows.
@c(LLVMFuzzerCustomMutator)
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ maximum: Int, _ seed: CUnsignedInt) -> Int {
    // libFuzzer generates the seed randomly, so its bits can be used directly.
    let (isNumber, choice, place) = (seed & 1 == 1, Int(seed >> 1 & 0xFF), Int(seed >> 9))
    let text = UnsafeBufferPointer(start: data, count: size)
    let numbers = numbers(in: text)
    guard isNumber, !numbers.isEmpty else { return LLVMFuzzerMutate(data, size, maximum) }
    let old = numbers[place % numbers.count]
    let new = extremes[choice % extremes.count].utf8
    let bytes = Array(text[..<old.lowerBound]) + new + text[old.upperBound...]
    guard bytes.count <= maximum else { return LLVMFuzzerMutate(data, size, maximum) }
    data.update(from: bytes, count: bytes.count)
    return bytes.count
}

private let extremes = [
    "-1", "0", "1", "0.5", "-0.0", "65535", "65536", "2147483647", "2147483648", "4294967296", "1099511627776",
    "9007199254740992", "2305843009213693952", "4611686018427387904", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "18446744073709551615", "18446744073709551616", "1e308", "-1e308", "1e400", "1e-400",
    "1e9223372036854775807", "1e-9223372036854775808", "true", "null", "\"\"", "[]", "{}",
]

/// Returns the ranges of the numbers in a text.
private func numbers(in text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
    var numbers: [Range<Int>] = []
    var start: Int?
    for (place, byte) in text.enumerated() {
        let isPart = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "-")
        if isPart, start == nil { start = place }
        if !isPart, let first = start {
            numbers.append(first..<place)
            start = nil
        }
    }
    if let start { numbers.append(start..<text.count) }
    return numbers
}
