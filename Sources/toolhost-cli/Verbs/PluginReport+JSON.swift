import ToolHost
import ToolJSON

extension PluginReport {
    /// The report for programs.
    var json: JSON {
        var members: JSONObject = ["file": .string(file)]
        members["name"] = name.map(JSON.string)
        members["version"] = version.map(JSON.string)
        switch state {
        case .loaded:
            members["state"] = "loaded"
        case .shadowed(let winner):
            members["state"] = "shadowed"
            members["shadowed_by"] = .string(winner)
        case .ungranted(let lacking):
            members["state"] = "ungranted"
            members["missing"] = lacking.json
        case .contested(let reason):
            members["state"] = "contested"
            members["reason"] = .string(reason)
        case .broken(let error):
            members["state"] = "broken"
            // Codes are in camel case, values for programs in snake case.
            members["code"] = .string(
                error.code.description.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
            )
            members["reason"] = .string(error.message)
        }
        members["tools"] = .array(tools.map(JSON.string))
        members["unoffered_tools"] = .array(unofferedTools.keys.sorted().map(JSON.string))
        members["problems"] = .array(problems.map(JSON.string))
        members["notes"] = .array(notes.map { .string($0.sentence) })
        members["remedies"] = .array(remedySentences.map(JSON.string))
        if let access {
            members["requested"] = access.requested.json
            for (key, value) in access.members { members[key] = value }
        }
        members["sandbox"] = sandbox?.json ?? .null
        members["configuration_keys"] = .array(configurationKeys.map(JSON.string))
        return .object(members)
    }
}
