import Glibc
import ToolJSON

extension Binding {
    /// The names that a file which cannot be used gives its plugin and its tools.
    package struct Names: Sendable {
        /// The name of the plugin, of any form; `nil` where it cannot be read.
        package let plugin: String?
        /// The names of the tools, of any form: at most as many as a plugin may register.
        package let tools: [String]

        /// Reads the names from the file at a path.
        ///
        /// - Returns: `nil` for a file that is no binding, that other users may write, or that is not JSON.
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
