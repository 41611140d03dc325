package import ToolJSON

extension ConfigurationFile {
    /// Reads all members of a configuration file of at most 1 MiB, also unknown and invalid ones.
    ///
    /// - Returns: The members; none if the file is absent.
    /// - Throws: ``ToolHostError`` if the file cannot be read, other users may write it, or it is no JSON object.
    package static func members(path: String) throws(ToolHostError) -> JSONObject {
        try UserFile<ConfigurationDocument>(path: path).read()?.members ?? [:]
    }

    /// Changes the members of a configuration file, while no other process does the same.
    ///
    /// The file is replaced as a whole and gets the mode 0600; its directories are made if they are absent. If the path
    /// is a symbolic link, its target is replaced. A file that does not change is not written.
    ///
    /// - Parameters:
    ///   - path: The path of the file.
    ///   - change: Changes the members, whose order is kept.
    /// - Returns: The result of the change.
    /// - Throws: ``ToolHostError`` if the file cannot be read, locked or written, or would be larger than 1 MiB.
    package static func update<Result>(
        path: String,
        _ change: (inout JSONObject) -> Result
    ) throws(ToolHostError) -> Result {
        // Checks each link on the way; below, they are resolved.
        _ = try members(path: path)
        // A file in place of the link would hide later changes of its target.
        let file = UserFile<ConfigurationDocument>(path: PrivateFile.target(of: path))
        return try file.update { (document: inout ConfigurationDocument) throws(UserFileError) in
            let result = change(&document.members)
            guard document.bytes.count <= maximumBytes else {
                throw UserFileError("would be larger than \(maximumBytes) bytes, so it is not changed.")
            }
            return result
        }
    }
}
