import Glibc
import ToolRuntime

/// The packages that an interpreter can import, by the names of their directories with metadata.
struct PythonPackages: Sendable {
    /// The version of each package, by its normal name.
    private(set) var versions: [String: String] = [:]

    private static let maximumPackages = 10_000

    /// Lists the packages of an interpreter's environment and, if the environment includes them, of its installation.
    init(of interpreter: PythonInterpreter) {
        let version = "python" + interpreter.shortVersion
        var prefixes = [interpreter.prefix]
        if let environment = interpreter.environment, Self.includesSystem(environment) {
            prefixes.append(interpreter.basePrefix)
        }
        for prefix in prefixes {
            for library in ["lib", "lib64"] { add(in: "\(prefix)/\(library)/\(version)/site-packages") }
            guard ["/", "/usr", "/usr/local"].contains(prefix) else { continue }
            for directory in [
                "/usr/lib/python3/dist-packages", "/usr/lib/\(version)/dist-packages",
                "/usr/local/lib/\(version)/dist-packages", "/usr/local/lib/\(version)/site-packages",
            ] { add(in: directory) }
        }
    }

    /// Lists the packages in a directory, unless they are known from an earlier one.
    init(in directory: String) { add(in: directory) }

    private mutating func add(in directory: String) {
        guard let stream = opendir(directory) else { return }
        defer { closedir(stream) }
        while let entry = readdir(stream), versions.count < Self.maximumPackages {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            guard let suffix = [".dist-info", ".egg-info"].first(where: name.hasSuffix) else { continue }
            let parts = name.dropLast(suffix.count).split(separator: "-", maxSplits: 1)
            guard let first = parts.first else { continue }
            let key = PackageRequirement.normalName(String(first))
            if versions[key] == nil { versions[key] = parts.count > 1 ? String(parts[1]) : "" }
        }
    }

    /// True if an environment also uses the packages of its installation.
    private static func includesSystem(_ environment: String) -> Bool {
        guard let bytes = try? PrivateFile.read(environment + "/pyvenv.cfg", limit: 64 << 10) else { return false }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).contains { line in
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace }.lowercased() }
            return parts == ["include-system-site-packages", "true"]
        }
    }

    /// The packages with their versions, sorted by name.
    var list: [String] { versions.map { $1.isEmpty ? $0 : "\($0) \($1)" }.sorted() }

    /// Returns the requirements whose package is absent.
    ///
    /// A requirement that holds only in some environments is not checked.
    func missing(_ requirements: [PackageRequirement]) -> [PackageRequirement] {
        requirements.filter { !$0.isConditional && versions[$0.name] == nil }
    }
}
