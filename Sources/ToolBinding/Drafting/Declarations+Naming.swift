extension Declarations {
    /// The name that a header gives to texts which are not just any: who passes one must know what it has to be.
    func ownTextName(of type: CType) -> String? {
        guard case .alias(let name) = type.plain, case .pointer(let pointee) = resolved(type),
            resolved(pointee) == .scalar("i8"), isConstant(pointee)
        else { return nil }
        return name
    }

    /// A name for a parameter that has none.
    func noun(for type: CType) -> String {
        guard case .pointer(let pointee) = resolved(type) else { return "value" }
        switch resolved(pointee) {
        case .scalar("i8"): return "text"
        case .structure(let name): return name.withoutTag.lowercased()
        case .function: return "callback"
        default: return "data"
        }
    }

    /// The name of the type that a pointer without a structure stands for: `typedef void CURL` as `CURL *`, or
    /// `typedef void *HANDLE`.
    ///
    /// A named pointer stands for one kind of object, which callers only pass on, constant or not. Generic names such as
    /// `voidp` give nil.
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

    /// True for a `void *` that may be written and has no name of its own.
    func isUntyped(_ type: CType) -> Bool {
        guard case .pointer(let pointee) = resolved(type), resolved(pointee) == .void else { return false }
        return !isConstant(pointee) && handleName(of: type) == nil
    }

    /// True for `size_t` and types that a library names like it.
    func isSize(_ type: CType) -> Bool {
        guard case .alias(let name) = type.plain else { return false }
        return name.lowercased().contains("size")
    }

    /// The number of elements of a parameter that the header declares as an array.
    func length(of parameter: Parameter) -> Int? { parameter.length.flatMap { lengths[$0] } }
}
