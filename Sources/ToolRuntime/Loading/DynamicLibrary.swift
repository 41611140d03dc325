import Glibc

/// A shared library that has been loaded, for good: what it registered may be used until the process ends.
struct DynamicLibrary: Sendable {
    // A handle that dlopen gave is valid in every thread, and is never closed.
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer

    /// Loads a plugin, or the library that a binding is for, its constructors included.
    ///
    /// Blocks for as long as they do.
    init(_ file: PluginFile) throws(PluginError) {
        let (name, subject): (String, String)
        switch file.binding?.library {
        case .system(let library): (name, subject) = (library, "the library \(library)")
        // The first of what was checked is the library itself.
        case .file(let library): (name, subject) = (file.libraries.first ?? library, "the library \(library)")
        case nil: (name, subject) = (file.path, "it")
        }
        // RTLD_LOCAL: two plugins may define the same names. RTLD_NOW: a missing symbol shows here, not in a call.
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw PluginError(.notLoadable, file: file.path, "The dynamic linker refuses \(subject): \(reason).")
        }
        self.handle = handle
    }

    /// The address of an exported symbol.
    func symbol(_ name: String) -> UnsafeMutableRawPointer? {
        dlsym(handle, name)
    }
}
