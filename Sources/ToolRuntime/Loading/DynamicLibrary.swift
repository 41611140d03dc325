import Glibc

/// A shared library that is loaded into this process.
///
/// It is never closed, because a plugin is used until the process exits.
struct DynamicLibrary: Sendable {
    // The handle is valid on every thread.
    private nonisolated(unsafe) let handle: UnsafeMutableRawPointer

    /// Loads a library and runs its constructors, which can block the calling thread forever.
    ///
    /// - Parameters:
    ///   - name: The path of the library, or the name of a system library.
    ///   - description: The description of the library in an error message.
    ///   - file: The file of the plugin.
    init(_ name: String, description: String, file: String) throws(PluginError) {
        // RTLD_LOCAL: two plugins may define the same names. RTLD_NOW: a missing symbol is an error now, not in a call.
        guard let handle = dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
            throw PluginError(.notLoadable, file: file, "The dynamic linker refuses \(description): \(reason).")
        }
        self.handle = handle
    }

    /// Returns the address of an exported symbol, or nil if there is none.
    func symbol(_ name: String) -> UnsafeMutableRawPointer? {
        dlsym(handle, name)
    }
}
