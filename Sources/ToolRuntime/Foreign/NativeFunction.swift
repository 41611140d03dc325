import ToolJSON

/// A C function: what it takes and what it gives, in C and in JSON.
struct NativeFunction: Sendable, Hashable {
    struct Parameter: Sendable, Hashable {
        let name: String
        let type: NativeType
        var passing = Passing.argument
        /// Whether NULL is passed where the argument is missing.
        var isOptional = false
        /// Whether the handle is closed by the call.
        var isClosing = false
        /// Who frees a text or bytes that the function gives.
        var owner = Owner.library
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
        /// The number of elements of another parameter, or a pointer to it.
        case count(of: Int, isPointer: Bool)
    }

    /// How many elements a buffer that the function fills has room for.
    enum Capacity: Sendable, Hashable {
        case fixed(Int)
        /// As many as another parameter has, times a number, and some more.
        case relative(to: Int, times: Double, plus: Int)
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
        var owner = Owner.library
        /// The parameter whose elements it counts, where that is what it is.
        var counted: Int?
        var failure: Failure?
        var message = Message.errno
    }

    /// As the library exports it.
    let symbol: String
    let parameters: [Parameter]
    let result: Result

    private static let maximumParameters = 32

    init(symbol: String, parameters: [Parameter], result: Result) throws(NativeFault) {
        (self.symbol, self.parameters, self.result) = (symbol, parameters, result)
        guard parameters.count <= Self.maximumParameters else {
            throw NativeFault(
                "\(symbol) has \(parameters.count) parameters; at most \(Self.maximumParameters) are taken."
            )
        }
        var names: Set<String> = []
        for parameter in parameters {
            guard names.insert(parameter.name).inserted else {
                throw NativeFault("Two parameters of \(symbol) have the name \(parameter.name).")
            }
            if let sentence = fault(of: parameter) {
                throw NativeFault("The parameter \(parameter.name) of \(symbol) \(sentence).")
            }
        }
        if let sentence = faultOfResult { throw NativeFault("What \(symbol) returns \(sentence).") }
    }

    /// Why a parameter cannot be passed, as the end of a sentence.
    private func fault(of parameter: Parameter) -> String? {
        switch (parameter.passing, parameter.type) {
        case (_, .void): "cannot be void"
        case (.constant(let value), .scalar(let scalar)):
            scalar.bits(of: value) == nil ? "has a fixed value that is not \(scalar.expectation)" : nil
        case (.constant(let value), .enumeration(let enumeration)):
            enumeration.bits(of: value) == nil ? "has a fixed value that is not \(enumeration.expectation)" : nil
        case (.constant(.string(let text)), .text): text.utf8.contains(0) ? "has a zero character" : nil
        case (.constant(_), .structure): "is a structure, which can have no fixed value"
        case (.constant(.null), _): nil
        case (.constant, _): "can have no fixed value but null"
        case (_, .pointer): "is a pointer that is not looked at: give it the value null"
        case (_, .texts): "is an array of texts, which only a function that is called back takes"
        case (.count(let index, _), .scalar(let scalar)):
            scalar.range == nil
                ? "is a count, and has to be an integer"
                : parameters.indices.contains(index)
                    && (parameters[index].type.isCounted || parameters[index].type == .text)
                    ? nil : "counts the elements of what has none"
        case (.count, _): "is a count, and has to be an integer"
        case (.output, .collect), (.pointer, .collect): "is a function that is called back, and is passed as it is"
        case (.output(nil), .array): "needs a capacity: how many elements it has room for"
        case (.output(nil), .bytes): isCounted(parameter) ? nil : "needs a capacity, or a parameter that counts it"
        case (.argument, .bytes), (.argument, .array):
            isCounted(parameter) ? nil : "is not counted: the function cannot know how long it is"
        case (.pointer, .text), (.pointer, .bytes), (.pointer, .array), (.pointer, .handle):
            "is a pointer already, and is passed as it is"
        case (.output(.some), .scalar), (.output(.some), .structure), (.output(.some), .enumeration),
            (.output(.some), .handle):
            "is one value, and has no capacity"
        default: nil
        }
    }

    private func isCounted(_ parameter: Parameter) -> Bool {
        guard let index = parameters.firstIndex(of: parameter) else { return false }
        return result.counted == index
            || parameters.contains { if case .count(index, _) = $0.passing { true } else { false } }
    }

    private var faultOfResult: String? {
        switch result.type {
        case .bytes, .array, .texts: return "has no known length: make it an output"
        case .pointer: return "is a pointer that is not looked at"
        case .collect: return "cannot be a function"
        default: break
        }
        let range = result.integer?.range
        let isFitting =
            switch result.failure {
            case .negative: (range?.lowest ?? 0) < 0
            case .nonzero, .unless: range != nil
            case .null: result.isPointer
            case .errno, nil: true
            }
        if !isFitting { return "cannot say that it failed in this way" }
        if let index = result.counted {
            guard range != nil, parameters.indices.contains(index), parameters[index].isBuffer else {
                return "counts the elements of what has none"
            }
        }
        return faultOfMessage
    }

    private var faultOfMessage: String? {
        switch result.message {
        case .output(let index):
            guard case .output = parameters[index].passing, parameters[index].type == .text else {
                return "takes its message from \(parameters[index].name), which is no text that it gives"
            }
        case .function(_, .parameter(let index)):
            guard case .handle = parameters[index].type else {
                return "takes its message from \(parameters[index].name), which is no handle"
            }
        case .errno, .function: break
        }
        return nil
    }
}

extension NativeFunction.Parameter {
    /// Whether the function fills it with as many elements as there are.
    var isBuffer: Bool {
        guard case .output = passing else { return false }
        return type.isCounted || type == .text
    }

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
        case .scalar(let scalar): scalar
        case .enumeration(let enumeration): enumeration.scalar
        default: nil
        }
    }

    var isPointer: Bool {
        switch type {
        case .text, .handle: true
        default: false
        }
    }

    /// Whether it says something beside that the call went well.
    var isVisible: Bool { type != .void && counted == nil && failure != .nonzero }
}
