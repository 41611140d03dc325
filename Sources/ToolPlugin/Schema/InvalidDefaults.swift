import Synchronization

/// The default values of this library's tools that break the constraints of their own arguments.
///
/// A literal is checked when the program is compiled. The value of any other expression is known when the tools are made,
/// which is before the plugin registers.
enum DefaultFaults {
    private static let faults = Mutex<[String]>([])

    /// The faults so far, in sentences.
    static var all: [String] { faults.withLock { $0 } }

    /// A type that several tools use is described several times.
    static func record(_ sentence: String) {
        faults.withLock { if !$0.contains(sentence), $0.count < 20 { $0.append(sentence) } }
    }
}
