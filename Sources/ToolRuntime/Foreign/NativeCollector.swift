import ToolJSON

/// A function that a library calls back, and what becomes of what it is called with.
struct NativeCollector: Sendable, Hashable {
    struct Parameter: Sendable, Hashable {
        let name: String
        let type: NativeType
        /// The parameter that counts its elements.
        let counter: Int?
        /// Whether it is part of the element.
        let isVisible: Bool
    }

    /// What one invocation becomes.
    enum Element: Sendable, Hashable {
        /// The value of its only visible parameter, or an object of all of them.
        case parameters
        /// An object whose names are the texts of one parameter, and whose values those of another.
        case object(keys: Int, values: Int)
    }

    let parameters: [Parameter]
    let element: Element
    /// What it returns, and with which value the library goes on, or stops.
    let result: NativeScalar?
    let goOn: Int64
    let stop: Int64
}
