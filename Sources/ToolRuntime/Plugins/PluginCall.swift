/// A call of a plugin in this process.
package struct PluginCall: Sendable {
    let record: CallRecord

    /// Runs the call when its turn comes.
    ///
    /// - Parameters:
    ///   - here: True to run it on this thread if its turn is now, and to return only when the tool does.
    ///   - isWatched: True if another thread calls ``CallRecord/startTimeout()`` for a call that runs here for long.
    func begin(here: Bool, isWatched: Bool = false) {
        switch record.plugin.lane.admit(record) {
        case .run where here: record.execute(isWatched: isWatched)
        case .run: record.plugin.launch(record)
        case .wait: break
        case .refuse(let sentence): record.fail(sentence)
        }
    }

    /// Ends the call as cancelled at once, and asks the plugin to stop.
    package func cancel() {
        record.expire(.cancelled)
    }
}
