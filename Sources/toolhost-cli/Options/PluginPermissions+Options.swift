import ToolHost

extension PluginPermissions {
    /// The permissions as values of the option `--allow`: `read=/srv/notes`.
    var allowValues: [String] {
        read.map { "read=\($0)" } + write.map { "write=\($0)" } + network.map { "network=\($0)" }
            + spawn.map { "spawn=\($0)" } + environment.map { "env=\($0)" } + (memory.map { ["memory=\($0)"] } ?? [])
    }
}
