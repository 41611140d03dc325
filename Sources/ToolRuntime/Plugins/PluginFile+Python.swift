import Glibc

extension PluginFile {
    /// Reads a Python file that has been checked, and finds the modules that it imports from its directory.
    static func readPython(
        _ file: borrowing CheckedFile,
        named path: String,
        _ scan: inout FileScan
    ) throws(PluginError) -> (file: PythonFile, parts: [Part], findings: PluginFindings?) {
        guard PythonFile.pluginName(of: file.path) != nil else {
            throw PluginError(
                .notLoadable,
                file: path,
                "Needs a name of letters, digits, dots, hyphens and underscores that begins with a letter or digit."
            )
        }
        let text = try PythonFile.text(of: file, of: path)
        let python = try PythonFile(text, named: path)
        var modules = PythonModules(of: file.path, named: path)
        try modules.visit(text, &scan)
        let identity = FileIdentity(file.status)
        let parts = [Part(file.path, identity)] + modules.found.map { Part($0.path, $0.identity) }
        guard !scan.isKnown, parts.count == 1 else { return (python, parts, nil) }
        guard modules.dependsOnDirectory else {
            return (python, parts, PluginFindings(identity: identity, absences: []))
        }
        // A module that is created in the directory belongs to the plugin if the plugin imports its name.
        let directory = scan.identity(ofDirectory: modules.directory).map {
            PluginFindings.Directory(path: modules.directory, identity: $0)
        }
        return (python, parts, directory.map { PluginFindings(identity: identity, absences: [$0]) })
    }
}
