/// The content of a file of the user that this program writes.
protocol WritableUserFileContent: UserFileContent, Equatable {
    /// The content of an absent file.
    init()

    /// The content in the form that ``UserFileContent/init(parsing:)`` reads.
    var bytes: [UInt8] { get }
}
