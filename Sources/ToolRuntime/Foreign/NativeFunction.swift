import ToolJSON

/// The description of a C function: its parameters and its result, in C and in JSON.
struct NativeFunction: Sendable, Hashable {
    /// A parameter of the function.
    struct Parameter: Sendable, Hashable {
        let name: String
        let type: NativeType
        var passing = Passing.argument
        /// The number of elements that the argument must have, or nil where a parameter counts them.
        var length: Int?
        /// True if NULL is passed for a missing argument.
        var isOptional = false
        /// The condition under which the call closes the handle.
        var closing = Closing.never
        /// The owner of the memory that the function stores in the output; nil for the library.
        var owner: Owner?
        /// Additional members of the parameter's schema, such as a description or bounds.
        var schema: JSONObject = [:]
    }

    /// The source of the value that is passed for a parameter.
    enum Passing: Sendable, Hashable {
        /// The model's argument.
        case argument
        /// A pointer to the model's argument.
        case pointer
        /// A pointer to memory that the function fills, and that becomes a member of the result.
        case output(Capacity?)
        /// A fixed value; `null` is NULL.
        case constant(JSON)
        /// The number of elements of another value, or a pointer to it.
        case count(of: Counted, isPointer: Bool)
    }

    /// A value whose elements are counted.
    enum Counted: Sendable, Hashable {
        /// A parameter, by its index.
        case parameter(Int)
        /// The return value.
        case result
    }

    /// The number of elements for which an output buffer has room.
    enum Capacity: Sendable, Hashable {
        case fixed(Int)
        /// The element count of another parameter, or its value if it is an integer, times a factor plus a number.
        case relative(to: Int, times: Double, plus: Int)
    }

    /// The condition under which a call closes a handle argument.
    enum Closing: Int, Sendable, Hashable {
        case never
        /// The handle is closed unless the function reports a failure; it then stays valid.
        case onSuccess
        /// The handle is closed even after a failure, as by `fclose`.
        case always
    }

    /// The owner of returned memory.
    enum Owner: Sendable, Hashable {
        /// The library, which frees the memory itself.
        case library
        /// The host, which frees the memory with a function of the library, or `free`.
        case function(String)
    }

    /// The return values, or `errno`, by which a function reports a failure.
    enum Failure: Sendable, Hashable {
        case negative, nonzero, null, errno
        /// All numbers but these.
        case unless([Int64])
    }

    /// The source of the message for a failure.
    enum Message: Sendable, Hashable {
        /// The system's description of `errno`.
        case errno
        /// A function that returns a string, and its argument.
        case function(String, MessageArgument)
        /// A text output, by the index of its parameter.
        case output(Int)
    }

    /// The argument of a message function.
    enum MessageArgument: Sendable, Hashable {
        case none, result
        case parameter(Int)
    }

    /// The return value of the function.
    struct Result: Sendable, Hashable {
        var type = NativeType.void
        /// The name of the return value beside the outputs.
        var name = "result"
        /// The owner of the returned memory; nil for the library.
        var owner: Owner?
        /// The parameter whose elements the return value counts, or nil.
        var counted: Int?
        var failure: Failure?
        var message = Message.errno
    }

    /// The name that the library exports.
    let symbol: String
    let parameters: [Parameter]
    let result: Result

    /// Creates a description.
    ///
    /// - Throws: ``NativeSignatureError`` if the function cannot be called, or a property has no effect.
    init(symbol: String, parameters: [Parameter], result: Result) throws(NativeSignatureError) {
        (self.symbol, self.parameters, self.result) = (symbol, parameters, result)
        try validate()
    }

    /// Returns the parameter through whose pointer the function reports the number of elements of a value.
    func counter(of counted: Counted) -> Int? {
        parameters.firstIndex { $0.passing == .count(of: counted, isPointer: true) }
    }
}

extension NativeFunction.Parameter {
    /// True if the host allocates a buffer that the function fills.
    var hasRoom: Bool { if case .output(.some) = passing { true } else { false } }

    /// True if a pointer to the value is passed.
    var hasCell: Bool {
        switch passing {
        case .pointer, .output, .count(_, isPointer: true): true
        case .argument, .constant, .count: false
        }
    }
    /// True if the model passes the argument.
    var isVisible: Bool {
        switch passing {
        case .argument, .pointer: if case .collect = type { false } else { true }
        case .output, .constant, .count: false
        }
    }
}

extension NativeFunction.Result {
    /// The integer type of the return value, or nil for another type.
    var integer: NativeScalar? {
        switch type {
        case .scalar(let scalar) where scalar.range != nil || scalar == .bool: scalar
        case .enumeration(let enumeration): enumeration.scalar
        default: nil
        }
    }

    /// True if the return value is a pointer.
    var isPointer: Bool {
        switch type {
        case .text, .bytes, .array, .handle: true
        default: false
        }
    }

    /// True if the return value has meaning beyond success and failure.
    var isVisible: Bool { type != .void && counted == nil && failure != .nonzero }
}
