public import ToolJSON

/// Why a value is not of a type: where in the arguments, what was expected, and what was there.
public struct ToolValueError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The way to the value: `filters[0].name`; empty for the value itself.
    public private(set) var path = ""

    /// What the value should be: "an integer from 1 to 10".
    public let expected: String

    /// What it is; `nil` where it is missing.
    public let found: JSON?

    /// An error about the value itself; those who read what it stands in add the way to it.
    public init(expected: String, found: JSON?) {
        self.expected = expected
        self.found = found
    }

    /// The same error, seen from the object that the value is a member of.
    public func inside(_ name: String) -> ToolValueError {
        inside(step: name)
    }

    /// The same error, seen from the array that the value is an element of.
    public func inside(_ index: Int) -> ToolValueError {
        inside(step: "[\(index)]")
    }

    private func inside(step: String) -> ToolValueError {
        var error = self
        error.path = step + (path.isEmpty || path.hasPrefix("[") ? "" : ".") + path
        return error
    }

    /// A sentence that a model can mend its call by.
    public var description: String {
        let found = found.map { String($0.text().prefix(80)) } ?? "nothing"
        return (path.isEmpty ? "" : path + ": ") + "expected \(expected), got \(found)"
    }
}
