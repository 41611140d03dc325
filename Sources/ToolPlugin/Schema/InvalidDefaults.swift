import Locks

/// The default values of this library's tools that violate the constraints of their arguments.
///
/// The macros check literals at compile time. The value of any other expression is known when the tools are created,
/// which is before the plugin registers.
enum InvalidDefaults {
    private static let maximumCount = 20
    private static let recorded = Lock<[String]>([])

    /// The violations so far, as sentences.
    static var sentences: [String] { recorded.withLock { $0 } }

    /// Records a violation once: the schema of a type is built again for each tool that uses it.
    static func record(_ sentence: String) {
        recorded.withLock { if !$0.contains(sentence), $0.count < maximumCount { $0.append(sentence) } }
    }
}
