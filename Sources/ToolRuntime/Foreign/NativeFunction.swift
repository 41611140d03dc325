import ToolJSON

/// A C function: what it takes and what it gives, in C and in JSON.
struct NativeFunction: Sendable, Hashable {
    struct Parameter: Sendable, Hashable {
        let name: String
        let type: NativeType
        var passing = Passing.argument
        /// The number of elements that the argument must have, or nil where a parameter counts them.
        var length: Int?
        /// Whether NULL is passed where the argument is missing.
        var isOptional = false
        /// Whether the call closes the handle.
        var closing = Closing.never
        /// Who frees what the function gives; the library, unless said.
        var owner: Owner?
        /// More of its schema: a description, bounds.
        var schema: JSONObject = [:]
    }

    enum Passing: Sendable, Hashable {
        /// The model's argument.
        case argument
        /// The model's argument, behind a pointer.
        case pointer
        /// Memory behind a pointer, which the function fills, and which is a field of the result.
        case output(Capacity?)
        /// Always this value; `null` is NULL.
        case constant(JSON)
        /// The number of elements of something else, or a pointer to it.
        case count(of: Counted, isPointer: Bool)
    }

    /// What has elements.
    enum Counted: Sendable, Hashable {
        case parameter(Int)
        /// What the function returns.
        case result
    }

    /// How many elements a buffer that the function fills has room for.
    enum Capacity: Sendable, Hashable {
        case fixed(Int)
        /// As many as another parameter has, or, where that is an integer, says; times a number, and some more.
        case relative(to: Int, times: Double, plus: Int)
    }

    /// When a call closes a handle that it takes.
    enum Closing: Int, Sendable, Hashable {
        case never
        /// Unless the function says that it failed: the handle is as good as before then.
        case onSuccess
        /// However it went, as `fclose` does.
        case always
    }

    /// Who frees what the function gives.
    enum Owner: Sendable, Hashable {
        /// The library keeps it.
        case library
        /// The host does, with this function of the library's, or `free`.
        case function(String)
    }

    /// How a function says that it failed.
    enum Failure: Sendable, Hashable {
        case negative, nonzero, null, errno
        /// By any other number.
        case unless([Int64])
    }

    /// Where the words for a failure come from.
    enum Message: Sendable, Hashable {
        case errno
        /// A function that returns a text, and what it takes.
        case function(String, MessageArgument)
        /// A text that the function fills.
        case output(Int)
    }

    enum MessageArgument: Sendable, Hashable {
        case none, result
        case parameter(Int)
    }

    struct Result: Sendable, Hashable {
        var type = NativeType.void
        /// Its name beside the outputs.
        var name = "result"
        /// Who frees it; the library, unless said.
        var owner: Owner?
        /// The parameter whose elements it counts, where that is what it is.
        var counted: Int?
        var failure: Failure?
        var message = Message.errno
    }

    /// As the library exports it.
    let symbol: String
    let parameters: [Parameter]
    let result: Result

    /// - Throws: ``NativeSignatureError`` where a call of it could not be made, or would say nothing.
    init(symbol: String, parameters: [Parameter], result: Result) throws(NativeSignatureError) {
        (self.symbol, self.parameters, self.result) = (symbol, parameters, result)
        try validate()
    }

    /// The parameter behind whose pointer the function tells how many elements something has.
    func counter(of counted: Counted) -> Int? {
        parameters.firstIndex { $0.passing == .count(of: counted, isPointer: true) }
    }
}

extension NativeFunction.Parameter {
    /// Whether it is memory of the host's that the function fills.
    var hasRoom: Bool { if case .output(.some) = passing { true } else { false } }

    /// Whether the model gives it.
    var isVisible: Bool {
        switch passing {
        case .argument, .pointer: if case .collect = type { false } else { true }
        case .output, .constant, .count: false
        }
    }
}

extension NativeFunction.Result {
    /// The integer type that it is.
    var integer: NativeScalar? {
        switch type {
        case .scalar(let scalar) where scalar.range != nil || scalar == .bool: scalar
        case .enumeration(let enumeration): enumeration.scalar
        default: nil
        }
    }

    var isPointer: Bool {
        switch type {
        case .text, .bytes, .array, .handle: true
        default: false
        }
    }

    /// Whether it says something beside that the call went well.
    var isVisible: Bool { type != .void && counted == nil && failure != .nonzero }
}
