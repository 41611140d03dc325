import Glibc
import ToolJSON

extension HandleTable {
    /// Creates a table for the handles of a binding.
    ///
    /// - Parameter library: The library with the functions that close the handles.
    convenience init(_ binding: Binding, _ library: DynamicLibrary) {
        self.init(
            binding.handles.compactMapValues { name in
                name.flatMap(library.symbol).map { unsafeBitCast($0, to: HandleTable.Close.self) }
            }
        )
    }
}

extension Binding {
    /// Returns the tools of the binding with the functions of its library.
    ///
    /// - Throws: ``PluginError`` if the binding has no tools.
    func loadedTools(
        _ library: DynamicLibrary,
        _ handles: HandleTable,
        file: String
    ) throws(PluginError) -> [LoadedTool] {
        guard !tools.isEmpty else {
            let questions = undecided.count == 1 ? "one that is" : "\(undecided.count) that are"
            throw PluginError(
                .invalidBinding,
                file: file,
                undecided.isEmpty ? "Has no tools." : "Offers no tool: it has \(questions) not decided yet."
            )
        }
        return tools.map { tool in
            do throws(NativeSignatureError) {
                let function = try foreignFunction(tool.function.get(), library, handles)
                return LoadedTool(schema: tool.schema, isConcurrent: tool.isConcurrent, code: .native(function))
            } catch {
                return LoadedTool(
                    schema: tool.schema,
                    isConcurrent: tool.isConcurrent,
                    code: .none(fault: error.message)
                )
            }
        }
    }

    private func foreignFunction(
        _ function: NativeFunction,
        _ library: DynamicLibrary,
        _ handles: HandleTable
    ) throws(NativeSignatureError) -> ForeignFunction {
        func symbol<Function>(_ name: String, _ type: Function.Type) throws(NativeSignatureError) -> Function {
            guard let address = library.symbol(name) else {
                let place =
                    switch self.library {
                    case .system(let name), .file(let name): name
                    }
                throw NativeSignatureError("The library \(place) has no function \(name).")
            }
            return unsafeBitCast(address, to: type)
        }
        var helpers = ForeignFunction.Helpers(handles: handles)
        for owner in function.parameters.map(\.owner) + [function.result.owner] {
            guard case .function(let name)? = owner else { continue }
            helpers.releases[name] = name == "free" ? free : try symbol(name, ForeignFunction.Release.self)
        }
        if case .function(let name, _) = function.result.message {
            helpers.message = try symbol(name, ForeignFunction.Pointer.self)
        }
        for case .handle(let kind) in function.parameters.map(\.type) + [function.result.type] {
            if let close = self.handles[kind] ?? nil { _ = try symbol(close, HandleTable.Close.self) }
        }
        return try ForeignFunction(try symbol(function.symbol, ForeignFunction.Pointer.self), function, helpers)
    }
}
