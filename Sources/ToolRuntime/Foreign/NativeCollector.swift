import ToolJSON

/// The description of a callback, whose invocations become the elements of an array.
struct NativeCollector: Sendable, Hashable {
    /// A parameter of the callback.
    struct Parameter: Sendable, Hashable {
        let name: String
        let type: NativeType
        /// The index of the parameter that counts the elements, or nil.
        let counter: Int?
        /// True if the argument is part of the element.
        let isVisible: Bool
    }

    /// The form of the element for one invocation.
    enum Element: Sendable, Hashable {
        /// The value of the only visible parameter, or an object of all visible ones.
        case parameters
        /// An object whose names are the strings of one parameter, and whose values are those of another.
        case object(keys: Int, values: Int)
    }

    let parameters: [Parameter]
    let element: Element
    /// The type of the return value, or nil for none.
    let result: NativeScalar?
    /// The return value with which the library continues.
    let continueValue: Int64
    /// The return value with which the library stops.
    let stopValue: Int64
}
