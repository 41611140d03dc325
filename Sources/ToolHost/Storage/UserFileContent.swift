/// The content of a file of the user.
protocol UserFileContent: Sendable {
    /// The subject of messages about the file, such as "The policy".
    static var title: String { get }
    /// The maximum size of the file in bytes.
    static var maximumBytes: Int { get }

    /// Reads the content of a file.
    ///
    /// - Throws: ``UserFileError`` if it is not valid, or a later version of this program wrote it.
    init(parsing bytes: [UInt8]) throws(UserFileError)
}

extension UserFileContent {
    /// Throws unless the version in a file is the one that this program writes.
    static func checkVersion(_ found: Int, is version: Int) throws(UserFileError) {
        guard found > version else {
            guard found < version else { return }
            throw UserFileError("has the unknown version \(found).")
        }
        throw UserFileError(
            .newerVersion,
            "was written by a newer version of toolhost (format \(found)), so it is not used and not changed. Update "
                + "toolhost."
        )
    }
}
