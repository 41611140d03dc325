import OllamaClient

/// The replacement of the ids of calls by ids of nine letters and digits.
///
/// The same conversation always gets the same ids, so that the server's cache of the prompt holds.
struct CallIDShortening {
    private static let length = 9
    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)

    private var ids: [String: String] = [:]
    private var used: Set<String> = []

    /// Returns messages whose calls and results have short ids.
    static func shortened(_ messages: [ChatMessage]) -> [ChatMessage] {
        var shortening = CallIDShortening()
        return messages.map { message in
            var message = message
            for index in message.toolCalls.indices {
                message.toolCalls[index].id = message.toolCalls[index].id.map { shortening.id(for: $0) }
            }
            message.toolCallID = message.toolCallID.map { shortening.id(for: $0) }
            return message
        }
    }

    private mutating func id(for id: String) -> String {
        if let short = ids[id] { return short }
        var short = id
        var hash = Self.hash(id)
        while !Self.isShort(short) || !used.insert(short).inserted {
            short = Self.text(hash)
            hash &+= 1
        }
        ids[id] = short
        return short
    }

    private static func isShort(_ id: String) -> Bool {
        id.utf8.count == length
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: false
                }
            }
    }

    // The hash FNV-1a: the hash of the standard library differs in each process.
    private static func hash(_ id: String) -> UInt64 {
        id.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func text(_ hash: UInt64) -> String {
        var rest = hash
        var text: [UInt8] = []
        for _ in 0..<length {
            text.append(digits[Int(rest % UInt64(digits.count))])
            rest /= UInt64(digits.count)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
