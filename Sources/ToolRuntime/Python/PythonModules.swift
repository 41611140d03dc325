import Glibc

/// The search for the modules of a Python file: the files of its directory that it imports, directly or not.
struct PythonModules {
    /// A module, or another file of its package.
    struct Module {
        let path: String
        let identity: FileIdentity
    }

    /// The modules, in the order of their discovery.
    private(set) var found: [Module] = []
    /// True if the directory decides which modules there are: another name could become one.
    private(set) var dependsOnDirectory = false
    /// The directory of the plugin's file.
    let directory: String

    private let plugin: String
    private let ownName: String
    private var seen: Set<String> = []
    /// The number of files that a walk through packages has looked at.
    private var visited = 0

    /// A plugin has at most as many files as its process can receive.
    private static let maximumModules = 191
    private static let maximumNames = 10_000
    private static let maximumVisits = 10_000
    private static let maximumDepth = 16

    /// - Parameters:
    ///   - file: The real path of the plugin's file.
    ///   - plugin: The path as the user gave it, which errors name.
    init(of file: String, named plugin: String) {
        let slash = file.utf8.lastIndex(of: UInt8(ascii: "/")) ?? file.startIndex
        directory = String(file[..<slash])
        ownName = String(file[file.utf8.index(after: slash)...].dropLast(PythonFile.suffix.count))
        self.plugin = plugin
    }

    /// Finds the modules that a text imports, and those that they import.
    mutating func visit(_ text: [UInt8], _ scan: inout FileScan) throws(PluginError) {
        var texts = [text]
        while let text = texts.popLast() {
            // Sorted, so that the order of the files does not differ from run to run.
            for name in PythonImports(in: text).names.sorted() where seen.insert(name).inserted {
                guard seen.count <= Self.maximumNames else {
                    throw error("Imports more than \(Self.maximumNames) modules.")
                }
                guard name != ownName, !StandardLibrary.contains(name) else { continue }
                dependsOnDirectory = true
                for path in try files(of: name) { texts.append(try add(path, &scan)) }
            }
        }
    }

    /// Returns the files of a module or package of the directory.
    private mutating func files(of name: String) throws(PluginError) -> [String] {
        let path = "\(directory)/\(name)"
        if Self.type(of: path + "/__init__.py") == S_IFREG { return try files(ofPackage: path, depth: 0) }
        return Self.type(of: path + ".py").map { _ in [path + ".py"] } ?? []
    }

    /// Returns all Python files below a directory.
    ///
    /// Symbolic links to directories are not followed.
    private mutating func files(ofPackage path: String, depth: Int) throws(PluginError) -> [String] {
        guard depth < Self.maximumDepth else { throw error("The package \(path) is nested too deeply.") }
        guard let stream = opendir(path) else {
            throw error("The package \(path) cannot be read: \(errorText(errno)).")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            visited += 1
            guard visited <= Self.maximumVisits else {
                throw error("Its packages have more than \(Self.maximumVisits) files.")
            }
            names.append(
                withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
            )
        }
        var files: [String] = []
        for name in names.sorted() where !name.hasPrefix(".") && name != "__pycache__" {
            let file = "\(path)/\(name)"
            if Self.type(of: file) == S_IFDIR {
                files += try self.files(ofPackage: file, depth: depth + 1)
            } else if name.hasSuffix(PythonFile.suffix) {
                files.append(file)
            }
        }
        return files
    }

    /// Checks a file, and returns its text.
    private mutating func add(_ path: String, _ scan: inout FileScan) throws(PluginError) -> [UInt8] {
        guard found.count < Self.maximumModules else {
            throw error("Imports more than \(Self.maximumModules) files of its directory.")
        }
        let file: CheckedFile
        do throws(PluginError) {
            file = try CheckedFile(path, &scan)
        } catch {
            throw PluginError(error.code, file: plugin, "Its module \(path) cannot be used. \(error.message)")
        }
        guard file.path == path else {
            throw error("Its module \(path) is a symbolic link. Put the file itself there.")
        }
        found.append(Module(path: path, identity: FileIdentity(file.status)))
        return try PythonFile.text(of: file, of: plugin)
    }

    private func error(_ message: String) -> PluginError { PluginError(.notLoadable, file: plugin, message) }

    /// Returns the type of a file, or nil if there is none.
    ///
    /// Symbolic links are not followed.
    private static func type(of path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }
}
