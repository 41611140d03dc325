import ToolJSON

extension ToolDraft {
    /// Describes a pointer to an opaque type.
    mutating func handle(
        _ handle: String,
        _ name: String,
        _ spelling: String,
        _ members: inout JSONObject,
        _ types: inout TypeDrafts,
        _ closers: Closers
    ) throws(TypeDrafts.Unsupported) {
        members["type"] = .string(try types.handle(handle, closers: closers[handle]))
        if closers[handle].contains(function.name) {
            members["closes"] = true
            ask("Does it close \(name) (\(spelling)), as \"closes\" states?")
        }
    }

    /// Describes an array with a declared length.
    ///
    /// - Returns: False if its elements are not numbers or bytes.
    mutating func array(
        of element: CType,
        _ length: Int,
        _ name: String,
        _ spelling: String,
        _ members: inout JSONObject
    ) -> Bool {
        guard let type = arrayType(of: element) else { return false }
        if declarations.isConstant(element) {
            guard type != "text" else { return false }
            (members["type"], members["size"]) = (.string(type), .int(length))
        } else {
            members["type"] = .string(type)
            output(&members, capacity: length)
            let array = "\(spelling.hasSuffix(" *") ? String(spelling.dropLast(2)) : spelling)[\(length)]"
            let other =
                type == "text"
                ? "" : " If it reads the array, replace \"out\" and \"capacity\" with \"size\": \(length)."
            ask("Does the function fill \(name) (\(array)), as \"out\" states?\(other)")
        }
        return true
    }

    /// Describes a pointer by the type that it points to.
    mutating func pointer(
        to pointee: CType,
        _ name: String,
        _ spelling: String,
        _ counter: String?,
        _ members: inout JSONObject,
        _ types: inout TypeDrafts,
        _ closers: Closers
    ) throws(TypeDrafts.Unsupported) {
        let isConstant = declarations.isConstant(pointee)
        let what = "\(name) (\(spelling))"
        switch declarations.resolved(pointee) {
        case .scalar("i8"):
            members["type"] = "text"
            if isConstant {
                if closers.isClosing(function.name) {
                    ask("Does it free \(what)? If so, it must not be called with a text.")
                }
                if let counter { ask("Does \(counter) count the bytes of \(what)? If not, remove \"count_of\".") }
            } else {
                output(&members, capacity: 4096)
                ask(
                    "Is \(what) a buffer that is filled? If so, how many bytes are enough, and which parameter is its size?"
                )
            }
        case .void where counter == nil, .scalar("u8") where counter == nil && isConstant:
            members["type"] = "pointer"
            members["value"] = .null
            let memory =
                isConstant
                ? "reads, use the type bytes with \"size\" or a parameter with \"count_of\""
                : "fills, use the type bytes with \"out\" and \"capacity\""
            ask(
                "What is \(what) for? NULL is passed, as \"value\" states. For a pointer that another function returns, use a "
                    + "handle of \"types\". For memory that the function \(memory)."
            )
        case .void, .scalar("u8"):
            members["type"] = "bytes"
            if !isConstant { output(&members, capacity: 65_536) }
            let filled = isConstant ? "read" : "filled"
            ask(
                counter.map { "Is \(what) a buffer that is \(filled), and does \($0) count its bytes?" }
                    ?? "Is \(what) a buffer that is \(filled)? If so, which parameter counts its bytes? If not, use the value null."
            )
        case .scalar(let word):
            if let counter {
                members["type"] = .string("\(word)[]")
                ask(
                    "Is \(what) an array, and does \(counter) count its elements? For one value, use \"by\": \"pointer\"."
                )
            } else if isConstant {
                members["type"] = .string(word)
                members["by"] = "pointer"
                ask(
                    "Is \(what) one value that is read? For an array, use the type \(word)[] with \"size\" or a "
                        + "parameter with \"count_of\"."
                )
            } else {
                members["type"] = .string(word)
                output(&members)
                ask(
                    "Does the function write \(what), as \"out\" states? If it reads one value, use \"by\": \"pointer\". For an "
                        + "array, use the type \(word)[]."
                )
            }
        case .function:
            members["type"] = "pointer"
            members["value"] = .null
            ask(
                "What is \(what) called for? NULL is passed, as \"value\" states. To receive its arguments, use \"collect\"."
            )
        case .pointer(let inner):
            if let handle = declarations.handleName(of: pointee) {
                members["type"] = .string(try types.handle(handle, closers: closers[handle]))
                output(&members)
                ask("Does the function set \(what) to a new handle, which the caller must close?")
            } else {
                try pointer(toPointerTo: inner, what, &members, &types, closers)
            }
        case .structure("struct __va_list_tag"):
            throw TypeDrafts.Unsupported(reason: "takes a va_list, which only C code can create")
        case .structure(let structure):
            if let passed = try? types.word(for: pointee) {
                members["type"] = .string(passed)
                if isConstant {
                    members["by"] = "pointer"
                    ask("Is \(what) one structure that is read, and not kept?")
                } else {
                    output(&members)
                    ask(
                        "Is \(what) one structure that the function fills, as \"out\" states? If it reads one, use \"by\": "
                            + "\"pointer\"."
                    )
                }
            } else {
                members["type"] = .string(try types.handle(structure, closers: closers[structure]))
                if closers[structure].contains(function.name) {
                    members["closes"] = true
                    ask("Does it close \(what), as \"closes\" states?")
                }
            }
        case .enumeration:
            members["type"] = .string(try types.word(for: pointee))
            output(&members)
            ask("Does the function write \(what), as \"out\" states?")
        default:
            throw TypeDrafts.Unsupported(reason: "takes \(spelling), which toolhost does not support")
        }
    }

    private mutating func pointer(
        toPointerTo pointee: CType,
        _ what: String,
        _ members: inout JSONObject,
        _ types: inout TypeDrafts,
        _ closers: Closers
    ) throws(TypeDrafts.Unsupported) {
        switch declarations.resolved(pointee) {
        case .scalar("i8"):
            members["type"] = "text"
            members["owner"] = "library"
            output(&members)
            ask("Does the function set \(what) to a text? If so, who frees it: \"library\", \"free\" or a function?")
        case .structure(let structure):
            members["type"] = .string(try types.handle(structure, closers: closers[structure]))
            output(&members)
            ask("Does the function set \(what) to a new handle, which the caller must close?")
        default:
            members["type"] = "pointer"
            members["value"] = .null
            ask("What is \(what) for? NULL is passed, as \"value\" states.")
        }
    }
}
