/// The access rights of Landlock for files and directories.
struct FileRights: OptionSet {
    var rawValue: UInt64

    static let execute = FileRights(rawValue: 1 << 0)
    static let writeFile = FileRights(rawValue: 1 << 1)
    static let readFile = FileRights(rawValue: 1 << 2)
    static let readDirectory = FileRights(rawValue: 1 << 3)
    static let removeDirectory = FileRights(rawValue: 1 << 4)
    static let removeFile = FileRights(rawValue: 1 << 5)
    static let makeDirectory = FileRights(rawValue: 1 << 7)
    static let makeFile = FileRights(rawValue: 1 << 8)
    static let makePipe = FileRights(rawValue: 1 << 10)
    static let makeLink = FileRights(rawValue: 1 << 12)
    static let moveBetweenDirectories = FileRights(rawValue: 1 << 13)
    static let truncate = FileRights(rawValue: 1 << 14)
    static let controlDevice = FileRights(rawValue: 1 << 15)

    static let reading: FileRights = [.readFile, .readDirectory]

    /// The rights of a write grant.
    ///
    /// Plugins cannot create devices and sockets.
    static let writing: FileRights = [
        .writeFile, .removeDirectory, .removeFile, .makeDirectory, .makeFile, .makePipe, .makeLink,
        .moveBetweenDirectories,
        .truncate,
    ]

    /// The rights that Landlock allows in a rule for a file rather than a directory.
    static let ofFiles: FileRights = [.execute, .writeFile, .readFile, .truncate, .controlDevice]

    /// Returns all rights of a Landlock version.
    ///
    /// A handled right that is not granted is denied.
    static func known(to version: Int) -> FileRights {
        let count =
            switch version {
            case ...1: 13
            case 2: 14
            case 3, 4: 15
            default: 16
            }
        return FileRights(rawValue: 1 << count - 1)
    }
}
