import ArgumentParser
import Glibc
import SystemPackage
import ToolHost
import ToolJSON

extension HostOptions {
    /// The maximum number of file names that are compared with a missing one.
    private static let mostFiles = 4096

    mutating func validate() throws {
        if inProcess, let sandbox = access.sandbox, sandbox != .off {
            throw ValidationError(
                "--in-process runs plugins without a sandbox. Use only one of --in-process and --sandbox."
            )
        }
    }

    /// Checks that each place of `--plugins` can be read.
    func checkPlaces() throws(CommandError) {
        for path in plugins {
            if let stream = opendir(path) {
                closedir(stream)
            } else if errno != ENOTDIR || Glibc.access(path, R_OK) != 0 {
                let reason = Errno(rawValue: errno).description
                throw CommandError(
                    .usage,
                    "--plugins \(path.visible, limit: 400): \(reason).\(Self.question(about: path), limit: 400)"
                )
            }
        }
    }

    /// Checks that the plugin of each `--allow` was found.
    func checkAllowances(_ configuration: HostConfiguration, _ plugins: [PluginReport]) throws(CommandError) {
        // A plugin without a name is identified by its file.
        let names = NearNames(plugins.map { $0.name ?? $0.file }.sorted())
        for name in configuration.authorization.trust.allowances.compactMap(\.plugin) where !Self.isKnown(name, plugins)
        {
            let (question, shown) = names.suggestions(for: name, limit: 64)
            let list = shown.isEmpty ? "There are no plugins." : "The plugins are: \(shown.joined(separator: ", "))."
            throw CommandError(
                .usage,
                "--allow: plugin \(name.visible, limit: 80) not found.\(question, limit: 400) \(list, limit: 5000)"
            )
        }
    }

    /// Returns true if a plugin has the name, or could not be loaded and has a file of that name.
    ///
    /// In the second case the error of the plugin is reported, and not the name.
    private static func isKnown(_ name: String, _ plugins: [PluginReport]) -> Bool {
        plugins.contains { plugin in plugin.name.map { $0 == name } ?? plugin.isNamed(name) }
    }

    /// Prints a note about each configured value that no plugin reads, if a similar name was probably meant.
    static func noteUnreadValues(_ configuration: HostConfiguration, _ plugins: [PluginReport]) {
        func note(_ name: String, _ known: [String], _ sentence: String) {
            let question = NearNames.question(name, among: known)
            guard !known.contains(name), !question.isEmpty else { return }
            Console.error.note("In the configuration, \(sentence).\(question)")
        }
        for (name, values) in configuration.pluginValues.sorted(by: { $0.key < $1.key }) {
            let keys = plugins.filter { $0.name == name }.flatMap(\.configurationKeys)
            if isKnown(name, plugins), keys.isEmpty { continue }
            note(name, plugins.compactMap(\.name), "\"plugins\" names \"\(name)\", which was not found")
            for key in values.keys.sorted() { note(key, keys, "the plugin \"\(name)\" does not read \"\(key)\"") }
        }
    }

    /// The sentence about a configuration that turns the installed samples off; nil if it does not, or none are installed.
    func samplesSentence(_ configuration: HostConfiguration) -> String? {
        guard !leavesOutDefaults, let installed = Installation.plugins,
            !configuration.searchPath.places.contains(where: { $0.path == installed })
        else { return nil }
        return "The samples are turned off: {\"samples\": false} in \(settings.path ?? "the configuration")."
    }

    /// Returns a question about the file that was probably meant instead of a missing one.
    private static func question(about path: String) -> String {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { String(path[...$0]) } ?? "."
        guard let stream = opendir(directory) else { return "" }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream), names.count < mostFiles {
            withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { names.append(String(cString: $0)) }
            }
        }
        return NearNames.question(slash.map { String(path[path.index(after: $0)...]) } ?? path, among: names.sorted())
    }
}
