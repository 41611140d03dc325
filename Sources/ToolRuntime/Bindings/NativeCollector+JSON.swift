import ToolJSON

extension NativeCollector {
    /// Reads a callback.
    init(_ collector: BindingObject, _ types: BindingTypes) throws(NativeSignatureError) {
        try collector.allow(["parameters", "element", "returns", "continue", "stop"])
        let objects = try collector.objects("parameters")
        var names: [String] = []
        for object in objects {
            let name = try object.symbol("name")
            guard !names.contains(name) else { throw object.fault("name", "occurs twice") }
            names.append(name)
        }
        var (read, counters): ([NativeType], [Int: Int]) = ([], [:])
        for (index, object) in objects.enumerated() {
            try object.allow(["name", "type", "count_of"])
            read.append(try types.type(object, "type"))
            for counted in try object.counted(among: names) { counters[counted] = index }
        }
        parameters = try objects.indices.map { index throws(NativeSignatureError) in
            let (object, type, counter) = (objects[index], read[index], counters[index])
            if let counter {
                guard type.hasElements else {
                    throw objects[counter].fault("count_of", "counts a value without elements")
                }
                guard case .scalar(let scalar) = read[counter], scalar.range != nil else {
                    throw objects[counter].fault("type", "must be an integer, because it is a count")
                }
            } else if type.isCounted {
                throw object.fault("type", "needs a parameter that counts it")
            }
            if type == .void || type.isHandle { throw object.fault("type", "cannot be void or a handle here") }
            let isVisible = object["count_of"] == nil && type != .pointer
            return Parameter(name: names[index], type: type, counter: counter, isVisible: isVisible)
        }
        if collector["element"] == nil {
            element = .parameters
        } else {
            let object = try collector.object("element")
            try object.allow(["keys", "values"])
            let (keys, values) = (try object.index("keys", among: names), try object.index("values", among: names))
            guard read[keys] == .texts, read[values].isCounted else {
                throw collector.fault("element", "must name an array of texts as \"keys\", and an array as \"values\"")
            }
            element = .object(keys: keys, values: values)
        }
        let type = try collector.string("returns", default: "void")
        result = NativeScalar(rawValue: type)
        guard type == "void" || result?.range != nil else {
            throw collector.fault("returns", "must be an integer or void")
        }
        continueValue = try collector.returnValue("continue", default: 0, result)
        stopValue = try collector.returnValue("stop", default: 1, result)
    }
}

extension BindingObject {
    /// Returns the parameters that this parameter counts.
    fileprivate func counted(among names: [String]) throws(NativeSignatureError) -> [Int] {
        guard let value = self["count_of"] else { return [] }
        let counted = value.array == nil ? [try string("count_of")] : try strings("count_of")
        return try counted.map { name throws(NativeSignatureError) in
            guard let index = names.firstIndex(of: name) else {
                throw fault("count_of", "names no parameter: \"\(name.prefix(80))\"")
            }
            return index
        }
    }

    /// Returns a return value of the callback.
    fileprivate func returnValue(
        _ key: String,
        default value: Int64,
        _ type: NativeScalar?
    ) throws(NativeSignatureError) -> Int64 {
        guard let configured = self[key] else { return value }
        guard let type else { throw fault(key, "has no effect, because the callback returns void") }
        guard let bits = type.bits(of: configured) else { throw fault(key, "must be \(type.expectation)") }
        return type.integer(bits)
    }
}
