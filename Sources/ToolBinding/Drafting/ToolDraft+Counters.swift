import ToolJSON

/// The parameters that count the elements of others.
extension ToolDraft {
    /// True if a parameter seems to count the elements of the one before it.
    func isCounter(_ index: Int, _ names: [String]) -> Bool {
        guard names.indices.contains(index), index > 0, isInteger(index), case .pointer(let pointee) = type(index - 1),
            // A handle has no elements, and an array has one counter.
            declarations.handleName(of: function.parameters[index - 1].type) == nil,
            lengthParameter(of: index - 1, names) == nil
        else { return false }
        let isNamedSo = isNamedCounter(names[index])
        switch declarations.resolved(pointee) {
        case .scalar("u8") where declarations.length(of: function.parameters[index - 1]) == nil:
            return type(index) != .scalar("i8") && type(index) != .scalar("u8")
        case .void: return isCounterOfUntyped(index, names, isNamedSo, isConstant: declarations.isConstant(pointee))
        case .scalar("i8"), .scalar("u8"): return isNamedSo
        case .scalar("bool"): return false
        case .scalar:
            // Without `const`, it is one value that the function writes more often than an array.
            return declarations.isConstant(pointee) && declarations.length(of: function.parameters[index - 1]) == nil
                && (isNamedSo || declarations.isSize(function.parameters[index].type))
        default: return false
        }
    }

    /// A `void *` may be a handle, and the number behind it anything.
    private func isCounterOfUntyped(_ index: Int, _ names: [String], _ isNamedSo: Bool, isConstant: Bool) -> Bool {
        let (pointer, counter) = (function.parameters[index - 1], function.parameters[index])
        let isCount = isNamedSo || declarations.isSize(counter.type)
        // The name of a pointer without one is only its type's.
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

    /// True for a function that fills a buffer behind the object that it reads from, by its name.
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

    /// The number of bytes that an argument has by its declaration, unless the function writes them.
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

    /// The parameter that the declaration of an array names as its length, `int v[n]`, or that follows `int v[]`.
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

    /// The same, unless it counts the bytes of another pointer.
    func countingParameter(of index: Int, _ names: [String]) -> Int? {
        lengthParameter(of: index, names).flatMap { isCounter($0, names) ? nil : $0 }
    }

    /// The array that a parameter counts: the first one that the function only reads.
    func countedArgument(_ counter: Int, _ names: [String]) -> Int? {
        function.parameters.indices.first { index in
            guard case .pointer(let element) = type(index), declarations.isConstant(element) else { return false }
            return countingParameter(of: index, names) == counter
        }
    }

    /// The binding's type for an array, or nil where its elements are no numbers or bytes.
    func arrayType(of element: CType) -> String? {
        switch declarations.resolved(element) {
        case .scalar("i8"): "text"
        case .scalar("u8"): "bytes"
        case .scalar("bool"): nil
        case .scalar(let word): "\(word)[]"
        default: nil
        }
    }

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
            ask("Is \(what) filled by the function, with room for \(count) elements, as \"capacity\" says?")
        } else if index == counted {
            ask("Is \(what) an array, and does \(count) count its elements?")
        } else {
            (members["type"], members["value"]) = ("pointer", .null)
            ask("What is \(what) for? NULL is passed, as \"value\" says: \(count) counts another array already.")
        }
    }
}
