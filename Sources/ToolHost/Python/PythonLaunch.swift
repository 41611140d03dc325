import Glibc
import ToolJSON
import ToolRuntime
import ToolSandbox

/// The start of the interpreter that runs a plugin's Python file.
struct PythonLaunch: Sendable, Hashable {
    let interpreter: PythonInterpreter
    let runner: PythonRunner
    /// The real path of the directory with the runner's bytecode, or nil for none.
    let bytecode: String?
    /// The packages of an environment outside of the system, which belong to the plugin's code.
    let packages: [String]

    /// The variables of the process, besides those that are granted to the plugin.
    static let environment = ["LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"]

    private static let maximumPackages = 2000

    init(interpreter: PythonInterpreter, runner: PythonRunner, bytecode: String?) {
        self.interpreter = interpreter
        self.runner = runner
        self.bytecode = bytecode
        packages = interpreter.isSystems ? [] : Array(PythonPackages(of: interpreter).list.prefix(Self.maximumPackages))
    }

    /// A string that changes with everything besides the plugin's files that may change its registration.
    var fingerprint: String {
        ([
            interpreter.command, interpreter.version.description, KnownInterpreters.stamp(interpreter.identity),
            runner.path,
        ]
            + packages).joined(separator: "\n")
    }

    /// Returns the manifest of a plugin, which does not depend on the plugin's process.
    ///
    /// - Parameter name: The name, unless the metadata have one.
    func manifest(_ metadata: ScriptMetadata, name: String) -> [UInt8] {
        var manifest: JSONObject = ["name": .string(name)]
        for (key, value) in metadata.manifest { manifest[key] = value }
        var python: JSONObject = ["version": .string(interpreter.shortVersion)]
        if !interpreter.isSystems {
            python["environment"] = .string(interpreter.prefix)
            python["packages"] = .array(packages.map(JSON.string))
        }
        manifest["python"] = .object(python)
        return JSON.object(manifest).bytes()
    }

    /// Returns the order for the worker process of a plugin.
    ///
    /// - Parameters:
    ///   - file: The plugin's file, which has been read.
    ///   - mayConnect: True if a network port is granted.
    func order(for file: PluginFile, limits: ToolLimits, mayConnect: Bool) -> InterpreterOrder {
        var options = bytecode.map { [["bytecode", $0]] } ?? []
        options += [["schema-bytes", String(limits.schemaBytes)], ["interpreter", interpreter.command]]
        // The runner writes which line runs before the host kills the process.
        options.append(["registration-timeout", String(limits.registration / .seconds(1) * 0.9)])
        if let metadata = file.python?.metadata {
            if metadata.isConcurrent { options.append(["concurrent"]) }
            if let timeout = metadata.timeout { options.append(["timeout", String(timeout)]) }
        }
        if mayConnect { options.append(["network"]) }
        let arguments = [interpreter.command, "-I", "-B", "-X", "utf8", runner.path]
        // The runner reads options with two hyphens.
        return InterpreterOrder(
            arguments: arguments + options.flatMap { ["--" + $0[0]] + $0.dropFirst() },
            files: file.parts.map(\.path)
        )
    }

    /// The program and its files, for the sandbox.
    var sandbox: SandboxInterpreter {
        let paths = [runner.directory] + [bytecode].compactMap(\.self)
        return SandboxInterpreter(program: interpreter.program, readable: interpreter.readablePaths + paths)
    }

    /// True if the interpreter's program is still the one that was found.
    var isUnchanged: Bool {
        var status = stat()
        return stat(interpreter.program, &status) == 0 && FileIdentity(status) == interpreter.identity
    }

    // MARK: - Requirements

    /// Checks that the interpreter has what the file of a plugin needs.
    func check(_ metadata: ScriptMetadata, file: String, name: String) throws(PluginError) {
        if let requirement = metadata.pythonVersion, !requirement.isMet(by: interpreter.version) {
            throw PluginError(
                .notLoadable,
                file: file,
                "Needs Python \(requirement.text), and \(interpreter.command) is version \(interpreter.version)."
            )
        }
        guard !metadata.packages.isEmpty else { return }
        let missing = PythonPackages(of: interpreter).missing(metadata.packages)
        guard !missing.isEmpty else { return }
        throw PluginError(
            .notLoadable,
            file: file,
            "Needs \(missing.map(\.text).joined(separator: ", ")), which \(interpreter.command) does not have. Make an "
                + "environment that has it: python3 -m venv DIR && DIR/bin/pip install "
                + missing.map { "'\($0.text)'" }.joined(separator: " ")
                + ". Then name it in the configuration: {\"python\": {\"plugins\": {\"\(name)\": \"DIR\"}}}"
        )
    }
}
