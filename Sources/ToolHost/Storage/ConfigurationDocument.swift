import ToolJSON

/// A configuration file as a JSON object, with members that this program does not know.
///
/// It is read where one setting is read or changed, so that a file with another mistake can still be corrected.
struct ConfigurationDocument: WritableUserFileContent {
    static let title = ConfigurationFile.title
    static let maximumBytes = ConfigurationFile.maximumBytes

    /// The members in the order of the file.
    var members: JSONObject = [:]

    init() {}

    init(parsing bytes: [UInt8]) throws(UserFileError) {
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw UserFileError("is not valid JSON: \(error).", underlyingError: error)
        }
        guard let members = json.object else { throw UserFileError("must hold a JSON object.") }
        self.members = members
    }

    var bytes: [UInt8] { JSON.object(members).bytes(.pretty) + [UInt8(ascii: "\n")] }
}
