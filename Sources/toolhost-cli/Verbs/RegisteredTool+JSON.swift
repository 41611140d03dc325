import ToolHost
import ToolJSON

extension RegisteredTool {
    /// The tool for programs.
    var json: JSON {
        var members: JSONObject = ["name": .string(name), "description": .string(description)]
        if let file = provider.file {
            members["plugin"] = [
                "name": .string(provider.name), "version": .string(provider.version), "file": .string(file),
            ]
        }
        if let access {
            for (key, value) in access.members { members[key] = value }
            members["sandbox"] = sandbox?.json ?? .null
        }
        if !replacedFiles.isEmpty { members["replaces"] = .array(replacedFiles.map(JSON.string)) }
        members["annotations"] = [
            "read_only": .bool(annotations.readOnly), "destructive": .bool(annotations.destructive),
            "idempotent": .bool(annotations.idempotent),
        ]
        members["timeout"] = timeout.map { .double($0.inSeconds) }
        members["examples"] = .int(examples.count)
        members["schema"] = .object(schema)
        return .object(members)
    }
}
