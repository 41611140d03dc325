import ToolJSON
import ToolRuntime

extension PluginLoading {
    /// Finds the interpreters of the Python files among candidates.
    ///
    /// An interpreter is asked for its version unless its reply is known, which blocks another thread.
    func findInterpreters(_ candidates: [PluginCandidate]) async -> [PluginCandidate] {
        guard candidates.contains(where: { $0.file?.isPython == true }) else { return candidates }
        let result = await HostThreads.value { [self] in
            var launches: PythonLaunches?
            return candidates.map { candidate in
                guard let file = candidate.file, file.isPython else { return candidate }
                do throws(PluginError) {
                    let known = launches
                    let starts = if let known { known } else { try pythonLaunches(file.path) }
                    launches = starts
                    return try self.candidate(candidate, file, starts)
                } catch {
                    return PluginCandidate(candidate, file, nil, error)
                }
            }
        }
        return result
            ?? candidates.map { candidate in
                guard let file = candidate.file, file.isPython else { return candidate }
                let message = "The system has no thread left to look for its interpreter on."
                return PluginCandidate(candidate, file, nil, PluginError(.notLoadable, file: file.path, message))
            }
    }

    private func pythonLaunches(_ file: String) throws(PluginError) -> PythonLaunches {
        guard case .workers(let workers) = settings.isolation, let configuration = settings.python else {
            let message =
                "Is a Python file, which runs only in a worker process. This host runs plugins in its own process."
            throw PluginError(.notLoadable, file: file, settings.python == nil ? Self.pythonIsOff : message)
        }
        do throws(WorkerError) {
            let worker = try workers.checkedProgram()
            return PythonLaunches(configuration, worker: worker, cacheDirectory: settings.cacheDirectory)
        } catch {
            throw PluginError(.notLoadable, file: file, error.message, underlyingError: error, remedy: error.remedy)
        }
    }

    private static let pythonIsOff = "Is a Python file, and plugins in Python are turned off."

    private func candidate(
        _ candidate: PluginCandidate,
        _ file: PluginFile,
        _ launches: PythonLaunches
    ) throws(PluginError) -> PluginCandidate {
        let stem = PythonFile.pluginName(of: file.path) ?? ""
        let name = file.python.map { $0.metadata.name ?? stem } ?? candidate.known?.pluginName ?? stem
        let launch = try launches.launch(ofPlugin: name, file: file.path)
        let next = PluginCandidate(candidate, file, launch)
        guard next.known == nil else { return next }
        // A file that was recognised has not been read, and is registered anew for another interpreter.
        let read = try file.python == nil ? PluginFile(checking: candidate.path) : file
        guard let metadata = read.python?.metadata else { return next }
        try launch.check(metadata, file: candidate.path, name: name)
        // A file that asks for invalid permissions does not run.
        _ = try PluginManifest(launch.manifest(metadata, name: name), file: candidate.path)
        return PluginCandidate(next, read, launch)
    }
}

extension PluginCache.Entry {
    /// The name in the manifest of the plugin, if it registered.
    fileprivate var pluginName: String? {
        registered.flatMap { try? JSON(parsing: $0.registration.manifest) }?["name"]?.string
    }
}
