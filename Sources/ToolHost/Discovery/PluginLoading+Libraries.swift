import ToolRuntime

extension PluginLoading {
    /// Returns the entries without the libraries that plugins of the same search path bring along.
    ///
    /// A binding often lies beside its library, and a plugin beside a library or a module that it needs: such a file is
    /// no broken plugin. Only a library that does not export a plugin's entry point, or a module without a tool, is
    /// dropped, so no file can hide a plugin by naming it as its library. A file that the user names is always reported.
    static func withoutLibraries(_ entries: [PluginEntry], _ candidates: [PluginCandidate]) -> [PluginEntry] {
        // Failures are rare, so most runs read nothing here.
        guard entries.contains(where: { $0.failure != nil }) else { return entries }
        var libraries: Set<FileIdentity.Number> = []
        for candidate in candidates {
            for part in candidate.file?.parts.dropFirst() ?? [] { libraries.insert(part.identity.number) }
        }
        guard !libraries.isEmpty else { return entries }
        return zip(entries, candidates).filter { entry, candidate in
            guard let failure = entry.failure, candidate.naming != .file, let file = candidate.file,
                libraries.contains(file.number)
            else { return true }
            if file.isPython { return failure.code != .invalidTool }
            return failure.code != .notPlugin && !isMereLibrary(file)
        }.map(\.0)
    }

    /// True for a library without a plugin's entry point, of any version.
    private static func isMereLibrary(_ file: PluginFile) -> Bool {
        guard let functions = try? SharedLibrary(reading: file.path).functions else { return false }
        return !functions.contains { $0.hasPrefix("tool_plugin_register_v") }
    }
}
