import Glibc
import ToolJSON

extension Binding {
    /// The names of the plugin and its tools in a file that cannot be used.
    package struct Names: Sendable {
        /// The name of the plugin, not validated; nil if it cannot be read.
        package let plugin: String?
        /// The names of the tools, not validated; at most as many as a plugin may register.
        package let tools: [String]

        /// Reads the names from the file at a path.
        ///
        /// - Returns: Nil if the file is not a binding, is not JSON, or other users can write it.
        package init?(readingFileAt path: String) {
            var scan = FileScan()
            do {
                let file = try CheckedFile(path, &scan)
                guard file.path.hasSuffix(Binding.suffix), file.status.st_size <= Binding.maximumBytes else {
                    return nil
                }
                let document = try JSON(parsing: Binding.content(of: file))
                plugin = document["plugin"]?["name"]?.string
                let names = document["tools"]?.array?.lazy.compactMap { $0["name"]?.string }
                tools = names.map { Array($0.prefix(RegistrationLimits().tools)) } ?? []
            } catch {
                return nil
            }
        }
    }
}
