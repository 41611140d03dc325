import ToolJSON

extension NativeFunction {
    private static let maximumParameters = 32
    /// Bytes of structures that go by value, which is over the stack of a thread that has some hundred KiB.
    private static let maximumStructures = 64 << 10

    /// Checks that a call can be made of what it says of itself, and that it says nothing in vain.
    func validate() throws(NativeSignatureError) {
        guard parameters.count <= Self.maximumParameters else {
            throw NativeSignatureError(
                "\(symbol) has \(parameters.count) parameters; at most \(Self.maximumParameters) are taken."
            )
        }
        var names: Set<String> = []
        for (index, parameter) in parameters.enumerated() {
            guard names.insert(parameter.name).inserted else {
                throw NativeSignatureError("Two parameters of \(symbol) have the name \(parameter.name).")
            }
            if let sentence = fault(of: parameter, index) ?? misplaced(in: parameter) {
                throw NativeSignatureError("The parameter \(parameter.name) of \(symbol) \(sentence).")
            }
        }
        if let sentence = faultOfResult ?? faultOfMessage ?? faultOfName {
            throw NativeSignatureError("What \(symbol) returns \(sentence).")
        }
        let passed = parameters.filter { !$0.hasCell }.map(\.type) + [result.type]
        let bytes = passed.map { if case .structure(let structure) = $0 { structure.size } else { 0 } }.reduce(0, +)
        guard bytes <= Self.maximumStructures else {
            throw NativeSignatureError(
                "\(symbol) passes structures of \(bytes) bytes by value; at most \(Self.maximumStructures) are taken."
            )
        }
    }

    /// Why a parameter cannot be passed, as the end of a sentence.
    private func fault(of parameter: Parameter, _ index: Int) -> String? {
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
        case (.count(let counted, let isPointer), .scalar(let scalar)) where scalar.range != nil:
            faultOfCount(counted, isPointer)
        case (.count, _): "is a count, and has to be an integer"
        case (.output, .collect), (.pointer, .collect): "is a function that is called back, and is passed as it is"
        case (.output(let capacity?), .text), (.output(let capacity?), .bytes), (.output(let capacity?), .array):
            faultOfCapacity(capacity)
        case (.output(.some), _): "is one value, and has no capacity"
        case (.output(nil), .bytes), (.output(nil), .array):
            isTold(index) ? nil : "needs a capacity, or something by which the function tells how much it gave"
        case (.argument, .bytes), (.argument, .array):
            isCounted(index) || parameter.length != nil
                ? nil : "is not counted: the function cannot know how long it is. Count it, or give it a \"size\""
        case (.pointer, .text), (.pointer, .bytes), (.pointer, .array), (.pointer, .handle):
            "is a pointer already, and is passed as it is"
        default: nil
        }
    }

    /// What a parameter says of itself to no effect, as the end of a sentence.
    private func misplaced(in parameter: Parameter) -> String? {
        switch (parameter.passing, parameter.type) {
        case (.argument, .text), (.argument, .bytes), (.argument, .array), (.argument, .handle), (.pointer, _): break
        default:
            if parameter.isOptional { return "is optional, and there is no NULL that could be passed in its place" }
        }
        switch (parameter.passing, parameter.type) {
        case (.argument, .bytes), (.argument, .array): break
        default: if parameter.length != nil { return "is neither bytes nor an array, and has no size" }
        }
        switch (parameter.passing, parameter.type) {
        case (.argument, .handle): break
        default: if parameter.closing != .never { return "is no handle that a call takes, and cannot be closed" }
        }
        switch (parameter.passing, parameter.type) {
        case (.output(nil), .text), (.output(nil), .bytes), (.output(nil), .array): break
        default: if parameter.owner != nil { return "is nothing that somebody frees, and has no owner" }
        }
        return nil
    }

    /// Whether the function is told how many elements a parameter has.
    private func isCounted(_ index: Int) -> Bool {
        parameters.contains { if case .count(.parameter(index), _) = $0.passing { true } else { false } }
    }

    /// Whether the function tells how many elements it gave.
    private func isTold(_ index: Int) -> Bool {
        result.counted == index || counter(of: .parameter(index)) != nil
    }

    private func faultOfCount(_ counted: Counted, _ isPointer: Bool) -> String? {
        let isKnown: Bool
        switch counted {
        case .result:
            guard result.type.hasElements else { return "counts the elements of what has none" }
            isKnown = false
        case .parameter(let index):
            guard parameters.indices.contains(index), parameters[index].type.hasElements else {
                return "counts the elements of what has none"
            }
            isKnown = parameters[index].passing != .output(nil)
        }
        return isKnown || isPointer ? nil : "counts what is not there before the call: it goes by \"pointer\""
    }

    private func faultOfCapacity(_ capacity: Capacity) -> String? {
        guard case .relative(let index, _, _) = capacity else { return nil }
        let other = parameters[index]
        let isGood =
            switch (other.passing, other.type) {
            case (.argument, let type) where type.hasElements: true
            case (.argument, .scalar(let scalar)), (.pointer, .scalar(let scalar)):
                scalar.range != nil && !other.isOptional
            default: false
            }
        return isGood
            ? nil : "has its capacity of \(other.name), which is no argument that has elements or is an integer"
    }

    private var faultOfResult: String? {
        switch result.type {
        case .bytes, .array:
            if counter(of: .result) == nil {
                return "has no known length: a parameter must tell it, by \"pointer\" and with \"count_of\": \"result\""
            }
        case .texts: return "is an array of texts, which only a function that is called back takes"
        case .pointer: return "is a pointer that is not looked at"
        case .collect: return "cannot be a function"
        default: break
        }
        if result.owner != nil, !result.isPointer || result.type.isHandle {
            return "is nothing that somebody frees, and has no owner"
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
            guard range != nil, parameters.indices.contains(index), case .output = parameters[index].passing,
                parameters[index].type.hasElements
            else { return "counts the elements of what has none" }
        }
        return nil
    }

    private var faultOfMessage: String? {
        switch result.message {
        case .output(let index):
            guard case .output = parameters[index].passing, parameters[index].type == .text else {
                return "takes its message from \(parameters[index].name), which is no text that it gives"
            }
        case .function(_, .parameter(let index)):
            guard parameters[index].type.isHandle else {
                return "takes its message from \(parameters[index].name), which is no handle"
            }
            guard parameters[index].closing != .always else {
                return "takes its message from \(parameters[index].name), which is closed by then"
            }
        case .errno, .function: break
        }
        return result.message != .errno && result.failure == nil
            ? "has a message for failures, and cannot say that it failed" : nil
    }

    /// Beside outputs the result is a member of an object, as they are.
    private var faultOfName: String? {
        let isTaken = parameters.contains { parameter in
            switch (parameter.passing, parameter.type) {
            case (.output, _), (.argument, .collect): parameter.name == result.name
            default: false
            }
        }
        return isTaken && result.isVisible
            ? "is called \(result.name), as one of its outputs is: give it another \"name\"" : nil
    }
}

extension NativeType {
    var isHandle: Bool { if case .handle = self { true } else { false } }
}
