import Glibc

/// The content of a Python file that was checked: its metadata, and the modules that belong to it.
package struct PythonFile: Sendable, Hashable {
    /// The suffix of the names of Python files.
    package static let suffix = ".py"

    package let metadata: ScriptMetadata

    /// The maximum size of the file and of each of its modules.
    static let maximumBytes = 4 << 20

    /// Returns the name that a file gives to its plugin, or nil if it cannot be one.
    package static func pluginName(of path: String) -> String? {
        guard path.hasSuffix(suffix) else { return nil }
        let name = String(path[path.lastSlash...].dropLast(suffix.count))
        return PluginName.isValid(name) && !name.hasPrefix(".") && !name.hasPrefix("_") ? name : nil
    }

    /// Reads the metadata in the text of a file.
    ///
    /// - Parameter path: The path as the user gave it, which errors name.
    init(_ text: [UInt8], named path: String) throws(PluginError) {
        guard String(validating: text, as: UTF8.self) != nil else {
            throw PluginError(.notLoadable, file: path, "Is not valid UTF-8.")
        }
        do throws(ScriptError) {
            metadata = try ScriptMetadata(in: text)
        } catch {
            throw PluginError(.invalidManifest, file: path, error.message, underlyingError: error)
        }
    }

    /// Reads a file that has been checked.
    ///
    /// - Parameter owner: The plugin's file as errors name it.
    static func text(of file: borrowing CheckedFile, of owner: String) throws(PluginError) -> [UInt8] {
        guard file.status.st_size <= maximumBytes else {
            throw PluginError(
                .notLoadable,
                file: owner,
                "\(file.path) has \(file.status.st_size) bytes; the maximum for a Python file is \(maximumBytes)."
            )
        }
        return [UInt8](unsafeUninitializedCapacity: Int(file.status.st_size)) { buffer, count in
            count = max(pread(file.descriptor, buffer.baseAddress, buffer.count, 0), 0)
        }
    }
}

extension String {
    /// The index behind the last slash, or the start.
    fileprivate var lastSlash: String.Index {
        utf8.lastIndex(of: UInt8(ascii: "/")).map { utf8.index(after: $0) } ?? startIndex
    }
}
