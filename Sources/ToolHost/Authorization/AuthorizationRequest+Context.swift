extension AuthorizationRequest {
    /// The maximum number of sources that a reason names, and of characters of each name.
    private static let (namedSources, sourceLength) = (3, 60)

    /// True if the conversation has text that other people may have written.
    var followsOutsideText: Bool { !context.outsideSources.isEmpty }

    /// True if the result may send private files to another computer, which the user has not agreed to.
    var revealsPrivateData: Bool {
        context.remoteModel?.isConfirmed == false && plugin?.reachable.privateReads.isEmpty == false
    }

    /// Records the user's yes to a call that sends private files to a remote model.
    func confirmRemoteModel() {
        if revealsPrivateData { context.remoteModel?.confirm() }
    }

    /// The circumstances that call for a question, as a clause, or nil if there are none.
    var circumstances: String? {
        var clauses: [String] = []
        if followsOutsideText { clauses.append("the model has read text from \(Self.words(context.outsideSources))") }
        if revealsPrivateData, let model = context.remoteModel {
            clauses.append("the result goes to the model \(Self.cut(model.name)) on another computer")
        }
        return clauses.isEmpty ? nil : clauses.joined(separator: ", and ")
    }

    private static func words(_ sources: [String]) -> String {
        var names = sources.prefix(namedSources).map(cut)
        if sources.count > namedSources { names.append("\(sources.count - namedSources) more") }
        guard let last = names.popLast(), !names.isEmpty else { return sources.first.map(cut) ?? "" }
        return names.joined(separator: ", ") + " and " + last
    }

    private static func cut(_ name: String) -> String {
        let shown = name.unicodeScalars.prefix(sourceLength)
        return shown.endIndex == name.unicodeScalars.endIndex ? name : String(shown) + "…"
    }
}

extension AuthorizationRequest.Plugin {
    /// The permissions that apply to a call: those that the kernel enforces, or else those that were trusted.
    var effective: PluginPermissions { isEnforced ? access.granted : access.trusted ?? access.requested }

    /// The permissions that the plugin has if the call is allowed.
    var reachable: PluginPermissions { effective.union(missing) }
}
