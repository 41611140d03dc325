package import ToolJSON

/// The metadata of a Python file, from the comment block that PEP 723 defines.
///
/// They are read as text, without running the file.
package struct ScriptMetadata: Sendable, Hashable {
    /// The Python versions that the file needs, or nil for any.
    package private(set) var pythonVersion: VersionRequirement?
    /// The packages that the file needs.
    package private(set) var packages: [PackageRequirement] = []
    /// The members of the plugin's manifest: `name`, `version`, `config` and `permissions`.
    package private(set) var manifest: JSONObject = [:]
    /// True if the plain functions of the file run beside one another.
    package private(set) var isConcurrent = false
    /// The timeout of the calls in seconds, or nil for the default.
    package private(set) var timeout: Double?

    /// The name of the plugin, or nil if the file's name decides.
    package var name: String? { manifest["name"]?.string }

    private static let maximumPackages = 256
    private static let timeouts = 0.001...86_400
    private static let keys = ["name", "version", "config", "concurrent", "timeout", "permissions"]

    /// Reads the metadata in the text of a file; they are empty if it has no block.
    package init(in text: [UInt8]) throws(ScriptError) {
        guard let block = try ScriptBlock.find(in: text) else { return }
        let root = try TOMLReader.read(block)
        if let (value, line) = root["requires-python"] {
            guard let text = value.string, let requirement = VersionRequirement(text) else {
                throw ScriptError(line: line, "\"requires-python\" must be a string of versions, such as \">=3.10\"")
            }
            pythonVersion = requirement
        }
        if let (value, line) = root["dependencies"] {
            guard let texts = value.strings, texts.count <= Self.maximumPackages else {
                throw ScriptError(
                    line: line,
                    "\"dependencies\" must be an array of at most \(Self.maximumPackages) strings"
                )
            }
            for text in texts {
                guard let requirement = PackageRequirement(text) else {
                    throw ScriptError(line: line, "\(JSON.string(text).text(upTo: 80).text) does not name a package")
                }
                packages.append(requirement)
            }
        }
        guard let (tools, line) = root["tool"] else { return }
        guard case .table(let tools) = tools else { throw ScriptError(line: line, "\"tool\" must be a table") }
        guard let (own, ownLine) = tools["toolhost"] else { return }
        guard case .table(let own) = own else { throw ScriptError(line: ownLine, "\"tool.toolhost\" must be a table") }
        try read(own)
    }

    /// Reads the table `tool.toolhost`.
    private mutating func read(_ table: TOMLTable) throws(ScriptError) {
        for key in table.keys {
            guard let (value, line) = table[key] else { continue }
            func invalid(_ expected: String) -> ScriptError {
                ScriptError(line: line, "\"\(key)\" must be \(expected)")
            }
            switch key {
            case "name":
                guard let name = value.string, PluginName.isValid(name) else {
                    throw invalid("1 to 64 letters, digits, dots, hyphens and underscores")
                }
                manifest[key] = .string(name)
            case "version":
                guard let version = value.string, version.utf8.count <= 64 else {
                    throw invalid("a string of at most 64 bytes")
                }
                manifest[key] = .string(version)
            case "config":
                guard let names = value.strings, names.allSatisfy(PluginName.isValid) else {
                    throw invalid("an array of names")
                }
                manifest[key] = .array(names.map(JSON.string))
            case "permissions":
                guard case .table(let permissions) = value else { throw invalid("a table") }
                manifest[key] = permissions.json
            case "concurrent":
                guard case .json(.bool(let isConcurrent)) = value else { throw invalid("true or false") }
                self.isConcurrent = isConcurrent
            case "timeout":
                guard let seconds = value.number, Self.timeouts ~= seconds else {
                    throw invalid("a number of seconds up to 86400")
                }
                timeout = seconds
            default:
                let object: JSONObject = [key: .null]
                let words = NearNames.unknownKey(in: object, known: Self.keys)?.words ?? ""
                let shown = JSON.string(key).text(upTo: 80).text
                throw ScriptError(line: line, "\(shown) is unknown in \"tool.toolhost\"; \(words.droppingPeriod)")
            }
        }
    }
}

extension TOMLTable.Value {
    fileprivate var json: JSON? { if case .json(let value) = self { value } else { nil } }
    fileprivate var string: String? { json?.string }
    /// The elements of an array of strings.
    fileprivate var strings: [String]? {
        guard let elements = json?.array else { return nil }
        let strings = elements.compactMap(\.string)
        return strings.count == elements.count ? strings : nil
    }
    fileprivate var number: Double? { json.flatMap { $0.number?.double } }
}

extension String {
    /// The string without a period at its end.
    fileprivate var droppingPeriod: Substring { hasSuffix(".") ? dropLast() : self[...] }
}
