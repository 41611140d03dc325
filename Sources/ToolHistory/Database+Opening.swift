import Glibc

extension Database {
    /// The number of attempts to change the mode of a new file, and the pause between them in microseconds.
    ///
    /// SQLite does not wait for another process there.
    private static let (attempts, pause): (Int, useconds_t) = (200, 10_000)

    /// Validates the file, and creates or upgrades its tables.
    mutating func prepare(maximumBytes: Int, usesIndex: Bool) throws(HistoryError) {
        let mark = try number(.applicationID)
        if mark != HistorySchema.applicationID {
            guard mark == 0, try number(.tableCount) == 0 else { throw .damaged(path) }
            // Only a file without tables can get this setting, which allows it to shrink.
            try execute("PRAGMA auto_vacuum = INCREMENTAL")
        }
        try checkVersion()
        try execute(HistorySchema.settings)
        try execute("PRAGMA max_page_count = \(maximumBytes / max(512, try number(.pageSize)))")
        try useLog()
        if try number(.version) < HistorySchema.steps.count { try upgrade() }
        if usesIndex { hasIndex = makeIndex() }
    }

    private mutating func checkVersion() throws(HistoryError) {
        let version = try number(.version)
        guard version > HistorySchema.steps.count else { return }
        throw HistoryError(
            .newerVersion,
            "A later version of toolhost wrote the history \(path) (version \(version); this program reads "
                + "\(HistorySchema.steps.count)). Update toolhost."
        )
    }

    /// Selects the mode in which reading does not wait for writing; without it on file systems that do not support it.
    private mutating func useLog() throws(HistoryError) {
        for attempt in 1...Self.attempts {
            var mode = ""
            try run(.journalMode) { row throws(HistoryError) in
                mode = try row.text(0)
                return false
            }
            if mode == "wal" { return }
            do throws(HistoryError) {
                return try execute("PRAGMA journal_mode = WAL")
            } catch {
                guard error.code == .locked, attempt < Self.attempts else { throw error }
                // SQLite does not wait for the lock here, and does not report its release.
                usleep(Self.pause)
            }
        }
    }

    private mutating func upgrade() throws(HistoryError) {
        try transaction { database throws(HistoryError) in
            // Another process may have done it meanwhile.
            try database.checkVersion()
            let version = max(0, try database.number(.version))
            for step in HistorySchema.steps[version...] { try database.execute(step) }
            try database.execute("PRAGMA user_version = \(HistorySchema.steps.count)")
            try database.execute("PRAGMA application_id = \(HistorySchema.applicationID)")
        }
    }

    /// Returns true if the index of words can be used.
    private mutating func makeIndex() -> Bool {
        do throws(HistoryError) {
            try execute(HistorySchema.index)
            // The statement above succeeds if another SQLite made the index.
            _ = try number(.indexProbe)
            return true
        } catch {
            return false
        }
    }
}
