extension Declarations {
    /// Returns the name of a type that the header defines for certain texts, or nil.
    ///
    /// Only the user can know which texts such a parameter accepts.
    func specialTextName(of type: CType) -> String? {
        guard case .alias(let name) = type.plain, case .pointer(let pointee) = resolved(type),
            resolved(pointee) == .scalar("i8"), isConstant(pointee)
        else { return nil }
        return name
    }

    /// Returns a name for a parameter without one.
    func noun(for type: CType) -> String {
        guard case .pointer(let pointee) = resolved(type) else { return "value" }
        switch resolved(pointee) {
        case .scalar("i8"): return "text"
        case .structure(let name): return name.withoutTag.lowercased()
        case .function: return "callback"
        default: return "data"
        }
    }

    /// Returns the name of an opaque type: `CURL` for `typedef void CURL`, or `HANDLE` for `typedef void *HANDLE`.
    ///
    /// A named pointer stands for one kind of object, constant or not; callers only pass it on. The result is nil
    /// for generic names, such as `voidp`.
    func handleName(of type: CType) -> String? {
        guard case .pointer(let pointee) = resolved(type), resolved(pointee) == .void else {
            return nil
        }
        let name: String
        if case .alias(let alias) = type.plain {
            name = alias
        } else if case .pointer(let inner) = type.plain, case .alias(let alias) = inner.plain {
            name = alias
        } else {
            return nil
        }
        let lower = name.lowercased()
        let isGeneric =
            ["voidp", "void_p", "pointer", "ptr", "data", "void"].contains(where: lower.hasSuffix)
            || lower.hasPrefix("voidp")
        return isGeneric ? nil : name
    }

    /// Returns true for an unnamed `void *` to mutable memory.
    func isUntyped(_ type: CType) -> Bool {
        guard case .pointer(let pointee) = resolved(type), resolved(pointee) == .void else { return false }
        return !isConstant(pointee) && handleName(of: type) == nil
    }

    /// Returns true for `size_t` and types with similar names.
    func isSize(_ type: CType) -> Bool {
        guard case .alias(let name) = type.plain else { return false }
        return name.lowercased().contains("size")
    }

    /// Returns the number of elements of a parameter that the header declares as an array, or nil.
    func length(of parameter: Parameter) -> Int? { parameter.length.flatMap { lengths[$0] } }
}
