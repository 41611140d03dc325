import ToolJSON

extension NativeFunction {
    private static let maximumParameters = 32
    /// The maximum size of all structures that are passed by value, in bytes, because they are copied to the stack.
    private static let maximumStructures = 64 << 10

    /// Checks that the function can be called, and that each of its properties has an effect.
    func validate() throws(NativeSignatureError) {
        guard parameters.count <= Self.maximumParameters else {
            throw NativeSignatureError(
                "\(symbol) has \(parameters.count) parameters; at most \(Self.maximumParameters) are supported."
            )
        }
        var names: Set<String> = []
        for (index, parameter) in parameters.enumerated() {
            guard names.insert(parameter.name).inserted else {
                throw NativeSignatureError("Two parameters of \(symbol) have the name \(parameter.name).")
            }
            if let predicate = fault(of: parameter, index) ?? uselessProperty(of: parameter) {
                throw NativeSignatureError("The parameter \(parameter.name) of \(symbol) \(predicate).")
            }
        }
        if let predicate = faultOfResult ?? faultOfMessage ?? faultOfName {
            throw NativeSignatureError("The result of \(symbol) \(predicate).")
        }
        let passed = parameters.filter { !$0.hasCell }.map(\.type) + [result.type]
        let bytes = passed.map { if case .structure(let structure) = $0 { structure.size } else { 0 } }.reduce(0, +)
        guard bytes <= Self.maximumStructures else {
            throw NativeSignatureError(
                "\(symbol) passes structures of \(bytes) bytes by value; at most \(Self.maximumStructures) are supported."
            )
        }
    }

    /// Returns the reason why a parameter cannot be passed, as a predicate of the parameter, or nil.
    private func fault(of parameter: Parameter, _ index: Int) -> String? {
        switch (parameter.passing, parameter.type) {
        case (_, .void): "cannot be void"
        case (.constant(let value), .scalar(let scalar)):
            scalar.bits(of: value) == nil ? "has a fixed value that is not \(scalar.expectation)" : nil
        case (.constant(let value), .enumeration(let enumeration)):
            enumeration.bits(of: value) == nil ? "has a fixed value that is not \(enumeration.expectation)" : nil
        case (.constant(.string(let text)), .text): text.utf8.contains(0) ? "has a null character" : nil
        case (.constant(_), .structure): "is a structure, which cannot have a fixed value"
        case (.constant(.null), _): nil
        case (.constant, _): "can only have the fixed value null"
        case (_, .pointer): "is a pointer, so it needs the fixed value null"
        case (_, .texts): "is an array of texts, which only a callback can receive"
        case (.count(let counted, let isPointer), .scalar(let scalar)) where scalar.range != nil:
            faultOfCount(counted, isPointer)
        case (.count, _): "is a count, so it must be an integer"
        case (.output, .collect), (.pointer, .collect): "is a callback, which cannot be an output or go by pointer"
        case (.output(let capacity?), .text), (.output(let capacity?), .bytes), (.output(let capacity?), .array):
            faultOfCapacity(capacity)
        case (.output(.some), _): "is a single value, so it cannot have a capacity"
        case (.output(nil), .bytes), (.output(nil), .array):
            isCountedByFunction(index) ? nil : "needs a capacity, or a parameter or result that counts its elements"
        case (.argument, .bytes), (.argument, .array):
            isCounted(index) || parameter.length != nil
                ? nil : "is not counted, so the function cannot know its length. Add a count of it, or its \"size\""
        case (.pointer, .text), (.pointer, .bytes), (.pointer, .array), (.pointer, .handle):
            "is already a pointer, so it cannot go by pointer"
        default: nil
        }
    }

    /// Returns a property of a parameter that has no effect, as a predicate of the parameter, or nil.
    private func uselessProperty(of parameter: Parameter) -> String? {
        switch (parameter.passing, parameter.type) {
        case (.argument, .text), (.argument, .bytes), (.argument, .array), (.argument, .handle), (.pointer, _): break
        default:
            if parameter.isOptional { return "is optional, but NULL cannot be passed for it" }
        }
        switch (parameter.passing, parameter.type) {
        case (.argument, .bytes), (.argument, .array): break
        default: if parameter.length != nil { return "is neither bytes nor an array, so it cannot have a size" }
        }
        switch (parameter.passing, parameter.type) {
        case (.argument, .handle): break
        default: if parameter.closing != .never { return "is not a handle argument, so a call cannot close it" }
        }
        switch (parameter.passing, parameter.type) {
        case (.output(nil), .text), (.output(nil), .bytes), (.output(nil), .array): break
        default: if parameter.owner != nil { return "is not memory that can be freed, so it cannot have an owner" }
        }
        return nil
    }

    /// True if the function receives the number of elements of a parameter.
    private func isCounted(_ index: Int) -> Bool {
        parameters.contains { if case .count(.parameter(index), _) = $0.passing { true } else { false } }
    }

    /// True if the function reports the number of elements of an output.
    private func isCountedByFunction(_ index: Int) -> Bool {
        result.counted == index || counter(of: .parameter(index)) != nil
    }

    private func faultOfCount(_ counted: Counted, _ isPointer: Bool) -> String? {
        let isKnown: Bool
        switch counted {
        case .result:
            guard result.type.hasElements else { return "counts the elements of a value without elements" }
            isKnown = false
        case .parameter(let index):
            guard parameters.indices.contains(index), parameters[index].type.hasElements else {
                return "counts the elements of a value without elements"
            }
            isKnown = parameters[index].passing != .output(nil)
        }
        return isKnown || isPointer
            ? nil : "counts elements that exist only after the call, so it must go by \"pointer\""
    }

    private func faultOfCapacity(_ capacity: Capacity) -> String? {
        guard case .relative(let index, _, _) = capacity else { return nil }
        let other = parameters[index]
        let isValid =
            switch (other.passing, other.type) {
            case (.argument, let type) where type.hasElements: true
            case (.argument, .scalar(let scalar)), (.pointer, .scalar(let scalar)):
                scalar.range != nil && !other.isOptional
            default: false
            }
        return isValid
            ? nil : "has its capacity of \(other.name), which must be an integer argument or one with elements"
    }

    private var faultOfResult: String? {
        switch result.type {
        case .bytes, .array:
            if counter(of: .result) == nil {
                return "has no known length. Add a parameter with \"by\": \"pointer\" and \"count_of\": \"result\""
            }
        case .texts: return "is an array of texts, which only a callback can receive"
        case .pointer: return "is a pointer without a type, which cannot be a result"
        case .collect: return "cannot be a function"
        default: break
        }
        if result.owner != nil, !result.isPointer || result.type.isHandle {
            return "is not memory that can be freed, so it cannot have an owner"
        }
        let range = result.integer?.range
        let isPossible =
            switch result.failure {
            case .negative: (range?.lowest ?? 0) < 0
            case .nonzero, .unless: range != nil
            case .null: result.isPointer
            case .errno, nil: true
            }
        if !isPossible { return "cannot report a failure in this way" }
        if let index = result.counted {
            guard range != nil, parameters.indices.contains(index), case .output = parameters[index].passing,
                parameters[index].type.hasElements
            else { return "counts the elements of a value without elements" }
        }
        return nil
    }

    private var faultOfMessage: String? {
        switch result.message {
        case .output(let index):
            guard case .output = parameters[index].passing, parameters[index].type == .text else {
                return "takes its message from \(parameters[index].name), which is not a text output"
            }
        case .function(_, .parameter(let index)):
            guard parameters[index].type.isHandle else {
                return "takes its message from \(parameters[index].name), which is not a handle"
            }
            guard parameters[index].closing != .always else {
                return "takes its message from \(parameters[index].name), which is closed at that point"
            }
        case .errno, .function: break
        }
        return result.message != .errno && result.failure == nil
            ? "has a message for failures, but no failure condition" : nil
    }

    /// The reason why the name of the result is invalid: beside outputs, the result is a member of the same object.
    private var faultOfName: String? {
        let isTaken = parameters.contains { parameter in
            switch (parameter.passing, parameter.type) {
            case (.output, _), (.argument, .collect): parameter.name == result.name
            default: false
            }
        }
        return isTaken && result.isVisible
            ? "has the name \(result.name), as does one of the outputs. Give it another \"name\"" : nil
    }
}

extension NativeType {
    /// True for a handle.
    var isHandle: Bool { if case .handle = self { true } else { false } }
}
