import ToolJSON

/// The rules for the names of conversations.
package enum ConversationName {
    /// The reference to the conversation that changed last.
    package static let last = "last"

    private static let maximumBytes = 100

    /// Returns true if a reference is the number of a conversation and not its name.
    package static func isNumber(_ reference: String) -> Bool {
        !reference.isEmpty && reference.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    }

    /// Validates a name.
    ///
    /// - Throws: ``HistoryError`` if the name is empty, too long, a number, or has hidden characters or white space at an
    ///   end.
    package static func validate(_ name: String) throws(HistoryError) {
        let reason: String? =
            if name.isEmpty { "is empty" } else if name.utf8.count > maximumBytes {
                "is longer than \(maximumBytes) bytes"
            } else if name.unicodeScalars.contains(where: \.isHidden) {
                "has a hidden character"
            } else if name.first?.isWhitespace == true || name.last?.isWhitespace == true {
                "begins or ends with a space"
            } else if isNumber(name) {
                "is a number, and conversations have numbers already"
            } else if name == last {
                "means the conversation that changed last"
            } else {
                nil
            }
        if let reason {
            throw HistoryError(.invalidRequest, "The name of the conversation \(reason). Choose another one.")
        }
    }
}
