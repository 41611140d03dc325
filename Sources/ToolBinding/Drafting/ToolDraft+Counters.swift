import ToolJSON

/// Parameters that count the elements of others.
extension ToolDraft {
    /// Returns true if a parameter seems to count the elements of the one before it.
    func isCounter(_ index: Int, _ names: [String]) -> Bool {
        guard names.indices.contains(index), index > 0, isInteger(index), case .pointer(let pointee) = type(index - 1),
            // A handle has no elements, and an array has only one counter.
            declarations.handleName(of: function.parameters[index - 1].type) == nil,
            lengthParameter(of: index - 1, names) == nil
        else { return false }
        let hasCounterName = isNamedCounter(names[index])
        switch declarations.resolved(pointee) {
        case .scalar("u8") where declarations.length(of: function.parameters[index - 1]) == nil:
            return type(index) != .scalar("i8") && type(index) != .scalar("u8")
        case .void:
            return isCounterOfUntyped(index, names, hasCounterName, isConstant: declarations.isConstant(pointee))
        case .scalar("i8"), .scalar("u8"): return hasCounterName
        case .scalar("bool"): return false
        case .scalar:
            // Without `const`, it is more often one value that the function writes than an array.
            return declarations.isConstant(pointee) && declarations.length(of: function.parameters[index - 1]) == nil
                && (hasCounterName || declarations.isSize(function.parameters[index].type))
        default: return false
        }
    }

    /// Returns true if a parameter seems to count the bytes of a `void *`, which may also be a handle.
    private func isCounterOfUntyped(_ index: Int, _ names: [String], _ hasCounterName: Bool, isConstant: Bool) -> Bool {
        let (pointer, counter) = (function.parameters[index - 1], function.parameters[index])
        let isCount = hasCounterName || declarations.isSize(counter.type)
        // A generated name says nothing about the pointer.
        let name = pointer.name == nil && names[index - 1].hasPrefix("data") ? "" : names[index - 1]
        switch UntypedPointer(named: name) {
        case .handle: return false
        case .buffer: return isCount || name.lowercased().contains("buf")
        case .unknown where isConstant: return isCount || counter.name == nil
        case .unknown where isCount && index > 1 && isReader: return true
        case .unknown:
            if closers.hasUntypedHandles(function.name) { return false }
            let isLength = ["len", "size", "bytes"].contains { names[index].lowercased().contains($0) }
            return declarations.isSize(counter.type) || isLength && !closers.hasUntypedOpener
        }
    }

    /// True if the name of the function suggests that it reads from an object into a buffer.
    private var isReader: Bool {
        let name = function.name.lowercased().replacing("thread", with: "")
        return ["read", "recv", "receive"].contains(where: name.contains)
    }

    private func isNamedCounter(_ name: String) -> Bool {
        let lower = name.lowercased()
        return ["len", "size", "count", "num", "bytes"].contains { lower.contains($0) }
            || ["n", "nb", "sz"].contains(lower)
            || name.first == "n" && name.dropFirst().first?.isUppercase == true
    }

    /// Returns the declared number of bytes of an argument that the function only reads, or nil.
    func lengthOfArgument(_ index: Int) -> Int? {
        guard case .pointer(let pointee) = type(index), declarations.resolved(pointee) == .scalar("u8"),
            declarations.isConstant(pointee)
        else { return nil }
        return declarations.length(of: function.parameters[index])
    }

    private func type(_ index: Int) -> CType { declarations.resolved(function.parameters[index].type) }

    private func isInteger(_ index: Int) -> Bool {
        if case .scalar(let word) = type(index) { word.first != "f" && word != "bool" } else { false }
    }

    // MARK: - Arrays whose length is a parameter

    /// Returns the parameter with the length of an array: `n` for `int v[n]`, or the next parameter for `int v[]`.
    private func lengthParameter(of index: Int, _ names: [String]) -> Int? {
        guard let length = function.parameters[index].length, case .pointer(let element) = type(index),
            arrayType(of: element) != nil
        else { return nil }
        let next = index + 1
        let found =
            length.isEmpty
            ? (names.indices.contains(next) && isNamedCounter(names[next]) ? next : nil)
            : function.parameters.firstIndex { $0.name == length }
        return found.flatMap { isInteger($0) ? $0 : nil }
    }

    /// Returns the parameter with the length of an array, unless it counts the bytes of another pointer.
    func countingParameter(of index: Int, _ names: [String]) -> Int? {
        lengthParameter(of: index, names).flatMap { isCounter($0, names) ? nil : $0 }
    }

    /// Returns the array that a parameter counts: the first one that the function only reads.
    func countedArgument(_ counter: Int, _ names: [String]) -> Int? {
        function.parameters.indices.first { index in
            guard case .pointer(let element) = type(index), declarations.isConstant(element) else { return false }
            return countingParameter(of: index, names) == counter
        }
    }

    /// Returns the type of an array in a binding, or nil if its elements are not numbers or bytes.
    func arrayType(of element: CType) -> String? {
        switch declarations.resolved(element) {
        case .scalar("i8"): "text"
        case .scalar("u8"): "bytes"
        case .scalar("bool"): nil
        case .scalar(let word): "\(word)[]"
        default: nil
        }
    }

    /// Describes an array whose length is a parameter.
    mutating func countedArray(
        of element: CType,
        _ index: Int,
        _ counter: Int,
        _ names: [String],
        _ members: inout JSONObject
    ) {
        let (name, counted) = (names[index], countedArgument(counter, names))
        let (what, count) = ("\(name) (\(function.parameters[index].spelling))", names[counter])
        members["type"] = arrayType(of: element).map { .string($0) }
        if !declarations.isConstant(element) {
            output(&members)
            members["capacity"] = ["of": .string(names[counted ?? counter])]
            ask("Does the function fill \(what), with room for \(count) elements, as \"capacity\" states?")
        } else if index == counted {
            ask("Is \(what) an array, and does \(count) count its elements?")
        } else {
            (members["type"], members["value"]) = ("pointer", .null)
            ask("What is \(what) for? NULL is passed, as \"value\" states: \(count) counts another array already.")
        }
    }
}
