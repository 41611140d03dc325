import ToolHost
import ToolJSON

extension PluginAccess {
    /// The members that a tool and a plugin have in their JSON.
    var members: JSONObject {
        [
            "granted": granted.json, "trusted": .bool(isTrusted), "changed": .bool(wasTrusted),
            "unresolved": unresolved.json, "changed_keys": .array(changedKeys.map(JSON.string)),
            "withheld_keys": .array(withheldKeys.map(JSON.string)),
        ]
    }
}
