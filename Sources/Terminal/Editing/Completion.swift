/// The words that can stand at the cursor.
package struct Completion: Equatable, Sendable {
    /// The number of characters before the cursor that the words replace.
    package var replacedCount: Int
    /// The words in the order in which they are shown.
    package var words: [String]

    /// Creates a completion.
    ///
    /// - Parameters:
    ///   - replacedCount: The number of characters before the cursor that the words replace.
    ///   - words: The words. Those with hidden characters are ignored.
    package init(replacing replacedCount: Int, with words: [String]) {
        self.replacedCount = replacedCount
        self.words = words
    }

    /// A completion without words.
    package static let none = Completion(replacing: 0, with: [])

    /// The longest text with which all words begin.
    var commonPrefix: String {
        guard var prefix = words.first.map(Array.init) else { return "" }
        for word in words.dropFirst() {
            var count = 0
            for character in word {
                guard count < prefix.count, prefix[count] == character else { break }
                count += 1
            }
            prefix.removeLast(prefix.count - count)
        }
        return String(prefix)
    }
}
