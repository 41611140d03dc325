extension DynamicLibrary {
    /// Loads a plugin, or the library of a binding.
    init(_ file: PluginFile) throws(PluginError) {
        let (name, description): (String, String)
        switch file.binding?.library {
        case .system(let library): (name, description) = (library, "the library \(library)")
        // The first library that was checked is the one of the binding.
        case .file(let library): (name, description) = (file.libraries.first ?? library, "the library \(library)")
        case nil: (name, description) = (file.path, "it")
        }
        try self.init(name, description: description, file: file.path)
    }
}
