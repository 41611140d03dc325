package import ToolJSON

extension Binding {
    /// Parses the content of a file.
    ///
    /// - Throws: ``NativeSignatureError`` if the file as a whole cannot be used. Mistakes in single tools and types are
    ///   not errors, but ``faults``.
    package init(parsing bytes: [UInt8]) throws(NativeSignatureError) {
        let document: JSON
        do {
            document = try JSON(parsing: bytes)
        } catch {
            throw NativeSignatureError("It is not JSON: \(error).")
        }
        let root = try BindingObject(document, "")
        try root.allow(["toolhost", "plugin", "library", "types", "tools"])
        guard try root.required("toolhost") == 1 else {
            throw NativeSignatureError("\"toolhost\" must be the version of the format; this host reads 1.")
        }
        let plugin = try root.object("plugin")
        try plugin.allow(["name", "version", "description", "permissions"])
        manifest = JSON.object(plugin.members).bytes()
        let library = try root.string("library")
        guard !library.isEmpty, !library.utf8.contains(0) else { throw NativeSignatureError("\"library\" is empty.") }
        self.library = library.contains("/") ? .file(library) : .system(library)
        let types = try BindingTypes(root["types"])
        handles = types.handles
        undecidedTypes = types.undecided
        let undecidedNames = Set(undecidedTypes.map(\.name))
        var (tools, undecided): ([BoundTool], [Undecided]) = ([], [])
        for (index, value) in try root.values("tools").enumerated() {
            do throws(NativeSignatureError) {
                let tool = try BindingObject(value, "tools[\(index)]")
                let questions = try tool.questions() + Self.questions(about: undecidedNames, in: tool.members)
                if questions.isEmpty {
                    tools.append(try BoundTool(tool, types))
                } else {
                    undecided.append(Undecided(name: try tool.string("name"), questions: questions))
                }
            } catch {
                // The other tools remain valid.
                tools.append(BoundTool(named: value["name"], error))
            }
        }
        (self.tools, self.undecided) = (tools, undecided)
        faults = types.faults.map(\.value.message).sorted() + tools.compactMap(\.fault?.message)
    }
}

extension Binding {
    /// Returns a sentence for each type that a tool uses and that is not decided.
    package static func questions(about types: Set<String>, in tool: JSONObject) -> [String] {
        let parameters = tool["parameters"]?.array ?? []
        let collected = parameters.flatMap { $0["collect"]?["parameters"]?.array ?? [] }
        let names = (parameters + collected).map { $0["type"] } + [tool["returns"]?["type"] ?? tool["returns"]]
        let needed = Set(names.compactMap { $0?.string }).intersection(types)
        return needed.sorted().map { "Its type \($0) is not decided." }
    }
}

extension Binding.BoundTool {
    /// The reason why the tool cannot be offered.
    fileprivate var fault: NativeSignatureError? { if case .failure(let fault) = function { fault } else { nil } }

    /// Creates a tool that cannot be offered.
    fileprivate init(named name: JSON?, _ fault: NativeSignatureError) {
        let schema: JSONObject = ["name": .string(name?.string ?? ""), "description": ""]
        (self.schema, isConcurrent, function) = (JSON.object(schema).bytes(), false, .failure(fault))
    }

    /// Reads a tool.
    fileprivate init(_ tool: BindingObject, _ types: BindingTypes) throws(NativeSignatureError) {
        try tool.allow([
            "name", "symbol", "description", "parameters", "returns", "concurrent", "timeout", "annotations",
            "examples", "undecided",
        ])
        let name = try tool.string("name")
        let symbol = tool["symbol"] == nil ? name : try tool.symbol("symbol")
        let parameters = try tool.objects("parameters")
        let names = parameters.map { $0["name"]?.string ?? "" }
        var read: [NativeFunction.Parameter] = []
        for parameter in parameters { read.append(try NativeFunction.Parameter(parameter, names, types)) }
        let result = try NativeFunction.Result(tool, names, types)
        let function = try NativeFunction(symbol: symbol, parameters: read, result: result)
        self.function = .success(function)
        isConcurrent = try tool.flag("concurrent")
        var schema: JSONObject = [
            "name": .string(name), "description": .string(try tool.string("description")),
            "parameters": function.schema,
        ]
        var extensions = JSONObject()
        for key in ["timeout", "annotations", "examples"] { extensions[key] = tool[key] }
        if !extensions.isEmpty { schema["toolhost"] = .object(extensions) }
        self.schema = JSON.object(schema).bytes()
    }
}

extension NativeFunction.Parameter {
    /// Returns the keys that have an effect for a parameter of this form.
    private static func keys(of parameter: BindingObject, isOutput: Bool) -> [String] {
        let common = ["name", "type", "description"]
        if parameter["collect"] != nil { return ["name", "description", "collect"] }
        if parameter["value"] != nil { return common + ["value"] }
        if parameter["count_of"] != nil { return common + ["count_of", "by"] }
        return common + ["out"] + (isOutput ? ["capacity", "owner"] : ["schema", "optional", "by", "closes", "size"])
    }

    /// Reads a parameter.
    ///
    /// - Parameter names: The names of all parameters.
    fileprivate init(_ parameter: BindingObject, _ names: [String], _ types: BindingTypes) throws(NativeSignatureError)
    {
        let isOutput = try parameter.flag("out")
        try parameter.allow(Self.keys(of: parameter, isOutput: isOutput))
        name = try parameter.symbol("name")
        if parameter["collect"] != nil {
            type = .collect(try NativeCollector(parameter.object("collect"), types))
        } else {
            type = try types.type(parameter, "type")
        }
        let by = try parameter.string("by", default: "value")
        guard ["value", "pointer"].contains(by) else { throw parameter.fault("by", "must be \"value\" or \"pointer\"") }
        if let value = parameter["value"] {
            passing = .constant(value)
        } else if parameter["count_of"] != nil {
            passing = .count(of: try parameter.counted(among: names), isPointer: by == "pointer")
        } else if isOutput {
            passing = .output(
                try parameter["capacity"].map { _ throws(NativeSignatureError) in try Self.capacity(parameter, names) }
            )
        } else if by == "pointer" {
            passing = .pointer
        }
        isOptional = try parameter.flag("optional")
        closing = try parameter.closing()
        owner = try parameter.owner()
        if parameter["size"] != nil {
            let size = try parameter.integer(parameter["size"], "size")
            guard 1...NativeReading.maximumBytes ~= size else {
                throw parameter.fault("size", "must be from 1 to \(NativeReading.maximumBytes) elements")
            }
            length = size
            if case .array = type { (schema["minItems"], schema["maxItems"]) = (.int(size), .int(size)) }
        }
        if parameter["schema"] != nil {
            for (key, value) in try parameter.object("schema").members { schema[key] = value }
        }
        if parameter["description"] != nil { schema["description"] = .string(try parameter.string("description")) }
        if type == .bytes, let description = schema["description"]?.string ?? length.map({ _ in "Bytes" }) {
            let encoding = length.map { "base64 of \($0) bytes" } ?? "base64"
            schema["description"] = .string("\(description) (\(encoding))")
        }
    }

    /// Reads the capacity of an output.
    private static func capacity(
        _ parameter: BindingObject,
        _ names: [String]
    ) throws(NativeSignatureError) -> NativeFunction.Capacity {
        if parameter["capacity"]?.object == nil {
            let count = try parameter.integer(parameter["capacity"], "capacity")
            guard 1...NativeReading.maximumBytes ~= count else {
                throw parameter.fault("capacity", "must be from 1 to \(NativeReading.maximumBytes)")
            }
            return .fixed(count)
        }
        let capacity = try parameter.object("capacity")
        try capacity.allow(["of", "times", "plus"])
        let times = (capacity["times"] ?? 1).number?.double ?? -1
        let plus = try capacity.integer(capacity["plus"] ?? 0, "plus")
        guard 0...1000 ~= times else { throw capacity.fault("times", "must be from 0 to 1000") }
        guard 0...NativeReading.maximumBytes ~= plus else {
            throw capacity.fault("plus", "must be from 0 to \(NativeReading.maximumBytes)")
        }
        return .relative(to: try capacity.index("of", among: names), times: times, plus: plus)
    }
}

extension NativeFunction.Result {
    /// Reads the result of a tool.
    ///
    /// - Parameter names: The names of the function's parameters.
    fileprivate init(_ tool: BindingObject, _ names: [String], _ types: BindingTypes) throws(NativeSignatureError) {
        self.init()
        guard tool["returns"] != nil else { return }
        if tool["returns"]?.string != nil {
            type = try types.type(tool, "returns")
            return
        }
        let result = try tool.object("returns")
        try result.allow(["type", "name", "owner", "count_of", "fails", "message"])
        type = try types.type(result, "type")
        name = try result.string("name", default: name)
        owner = try result.owner()
        if result["count_of"] != nil { counted = try result.index("count_of", among: names) }
        if result["fails"]?.object != nil {
            let fails = try result.object("fails")
            try fails.allow(["unless"])
            let codes = try fails.required("unless").array?.map { $0.number?.int64 } ?? [nil]
            guard codes.allSatisfy({ $0 != nil }) else { throw fails.fault("unless", "must be an array of integers") }
            failure = .unless(codes.compactMap(\.self))
        } else if result["fails"] != nil {
            failure = NativeFunction.Failure(try result.string("fails"))
            if failure == nil {
                throw result.fault(
                    "fails",
                    "must be \"negative\", \"nonzero\", \"null\", \"errno\" or {\"unless\": [0]}"
                )
            }
        }
        if result["message"]?.object != nil { message = try Self.message(result.object("message"), names) }
        if let word = result["message"]?.string, word != "errno" {
            throw result.fault("message", "must be \"errno\" or an object")
        }
    }

    /// Reads the source of the message for a failure.
    private static func message(
        _ message: BindingObject,
        _ names: [String]
    ) throws(NativeSignatureError) -> NativeFunction.Message {
        try message.allow(["symbol", "of", "parameter"])
        if message["parameter"] != nil { return .output(try message.index("parameter", among: names)) }
        let symbol = try message.symbol("symbol")
        guard message["of"] != nil else { return .function(symbol, .none) }
        if try message.string("of") == "result" { return .function(symbol, .result) }
        return .function(symbol, .parameter(try message.index("of", among: names)))
    }
}

extension BindingObject {
    /// Returns the index of the parameter that a key names.
    func index(_ key: String, among names: [String]) throws(NativeSignatureError) -> Int {
        let name = try string(key)
        guard let index = names.firstIndex(of: name) else {
            throw fault(unknown: key, "names no parameter: \"\(name.prefix(80))\"", name, among: names)
        }
        return index
    }

    /// Returns the value whose elements a parameter counts.
    fileprivate func counted(among names: [String]) throws(NativeSignatureError) -> NativeFunction.Counted {
        let name = try string("count_of")
        return name == "result" && !names.contains(name) ? .result : .parameter(try index("count_of", among: names))
    }

    /// Returns the condition under which a call closes the handle: `true` for success, or `"always"`.
    fileprivate func closing() throws(NativeSignatureError) -> NativeFunction.Closing {
        if self["closes"] == "always" { return .always }
        guard let closes = (self["closes"] ?? false).bool else {
            throw fault("closes", "must be true, false or \"always\"")
        }
        return closes ? .onSuccess : .never
    }

    /// Returns the owner of returned memory: `library`, or the function that frees it.
    fileprivate func owner() throws(NativeSignatureError) -> NativeFunction.Owner? {
        guard self["owner"] != nil else { return nil }
        let name = try symbol("owner")
        return name == "library" ? .library : .function(name)
    }
}
