/// A file that belongs to the user and that no other user may write: its reads are bounded, its changes exclusive and
/// its replacement atomic.
///
/// A file is absent if nothing has its name, or a directory above it does not exist. A symbolic link that leads to
/// nothing is an error, wherever it is on the path: treating the file as absent would silently allow what the file
/// forbids.
struct UserFile<Content: UserFileContent>: Sendable, Hashable {
    let path: String

    /// Reads the file.
    ///
    /// - Returns: Nil if the file is absent.
    /// - Throws: ``ToolHostError`` if it cannot be read, other users may write or redirect it, it is too large, or its
    ///   content is not valid.
    func read() throws(ToolHostError) -> Content? {
        do throws(UserFileError) {
            return try content()
        } catch {
            throw named(error)
        }
    }

    private func content() throws(UserFileError) -> Content? {
        guard let bytes = try PrivateFile.read(path, limit: Content.maximumBytes) else { return nil }
        return try Content(parsing: bytes)
    }

    /// The error with the title and the path of the file.
    private func named(_ error: UserFileError) -> ToolHostError {
        ToolHostError(
            error.code,
            message: "\(Content.title) \(path) \(error.sentence)",
            underlyingError: error.underlyingError
        )
    }
}

extension UserFile where Content: WritableUserFileContent {
    /// Changes the content while no other process does the same, and writes it if it differs.
    ///
    /// The directories above the file are made if they are absent.
    ///
    /// - Parameters:
    ///   - replacesInvalid: True to begin with empty content where the file cannot be read, unless a later version of
    ///     this program wrote it.
    ///   - change: Changes the content. If it throws, the file stays as it is.
    /// - Returns: The result of the change.
    /// - Throws: ``ToolHostError`` if the file cannot be read, locked or written, or the change throws.
    @discardableResult
    func update<Result>(
        replacesInvalid: Bool = false,
        _ change: (inout Content) throws(UserFileError) -> Result
    ) throws(ToolHostError) -> Result {
        do throws(UserFileError) {
            return try PrivateFile.exclusively(path) { () throws(UserFileError) in
                var known: Content?
                do throws(UserFileError) {
                    known = try content() ?? Content()
                } catch {
                    guard replacesInvalid, error.code != .newerVersion else { throw error }
                }
                var content = known ?? Content()
                let result = try change(&content)
                if content != known { try PrivateFile.write(content.bytes, to: path) }
                return result
            }
        } catch {
            throw named(error)
        }
    }

    /// Replaces the file as a whole, without regard to its content or to other processes.
    func replace(with content: Content) throws(ToolHostError) {
        do throws(UserFileError) {
            try PrivateFile.write(content.bytes, to: path)
        } catch {
            throw named(error)
        }
    }
}
