import Foundation
import TestSupport
import Testing
import ToolJSON

@testable import ToolHost

@Suite("A file of the user")
struct UserFileTests {
    /// A list of numbers.
    struct Numbers: WritableUserFileContent {
        var values: [Int] = []

        static let title = "The list"
        static let maximumBytes = 100

        init() {}

        init(parsing bytes: [UInt8]) throws(UserFileError) {
            guard let json = try? JSON(parsing: bytes), let version = json["version"]?.int else {
                throw UserFileError("is damaged.")
            }
            try Self.checkVersion(version, is: 2)
            values = (json["values"]?.array ?? []).compactMap(\.int)
        }

        var bytes: [UInt8] {
            let json: JSON = ["version": 2, "values": .array(values.map { .int($0) })]
            return json.bytes()
        }
    }

    /// An object of the file system at the path of the file, and the outcome of reading it.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Makes the object in a directory; the file is `list.json`.
        let make: @Sendable (FixtureDirectory) throws -> Void
        /// The code and the words of the error; nil if the file is read.
        let error: (code: ToolHostError.Code, words: String)?

        init(
            _ description: String,
            _ error: (ToolHostError.Code, String)?,
            _ make: @escaping @Sendable (FixtureDirectory) throws -> Void
        ) {
            (testDescription, self.error, self.make) = (description, error, make)
        }

        /// A case of a file with this text.
        init(_ description: String, _ error: (ToolHostError.Code, String)?, text: String, mode: Int = 0o600) {
            self.init(description, error) { try $0.file("list.json", text.utf8, mode: mode) }
        }
    }

    private static let valid = #"{"version":2,"values":[1,2]}"#

    static let cases = [
        Case("a valid file", nil, text: valid),
        Case("an absent file", nil) { _ in },
        Case("a damaged file", (.invalidConfiguration, "is damaged."), text: "{"),
        Case("a file of an unknown version", (.invalidConfiguration, "unknown version 1"), text: #"{"version":1}"#),
        Case("a file of a newer version", (.newerVersion, "newer version of toolhost"), text: #"{"version":3}"#),
        Case("a file that others may write", (.insecureFile, "chmod go-w"), text: valid, mode: 0o666),
        Case(
            "a file that is too large",
            (.invalidConfiguration, "larger than 100 bytes"),
            text: valid + String(repeating: " ", count: 100)
        ),
        Case("a directory", (.inaccessibleFile, "not a regular file")) { try $0.directory("list.json") },
        Case("a symbolic link to nothing", (.inaccessibleFile, "symbolic link to nothing")) { directory in
            symlink("nowhere", directory.path + "/list.json")
        },
        Case("a file in a directory that others may write", (.insecureFile, "could be replaced")) { directory in
            try directory.file("list.json", valid.utf8, mode: 0o600)
            chmod(directory.path, 0o777)
        },
    ]

    private func file(in directory: FixtureDirectory) -> UserFile<Numbers> {
        UserFile(path: directory.path + "/list.json")
    }

    private func append(_ number: Int, to file: UserFile<Numbers>) throws(ToolHostError) {
        try file.update { content in content.values.append(number) }
    }

    private func content(_ path: String) -> Data? { try? Data(contentsOf: URL(filePath: path)) }

    @Test("a user's file is read, or refused with a code and its path", arguments: cases)
    func reading(test: Case) throws {
        let directory = try FixtureDirectory()
        try test.make(directory)
        let file = file(in: directory)
        let result = Result { () throws(ToolHostError) in try file.read() }
        switch result {
        case .success(let content):
            #expect(test.error == nil)
            #expect(content?.values == (PrivateFile.exists(file.path) ? [1, 2] : nil))
        case .failure(let error):
            #expect(error.code == test.error?.code)
            #expect(error.message.hasPrefix("The list \(file.path) "), "\(error)")
            #expect(error.message.contains(test.error?.words ?? "no error"), "\(error)")
        }
    }

    @Test("a user's file stays as it is if an update cannot read it", arguments: cases.filter { $0.error != nil })
    func refusedUpdate(test: Case) throws {
        let directory = try FixtureDirectory()
        try test.make(directory)
        let file = file(in: directory)
        let before = content(file.path)
        #expect(throws: ToolHostError.self) { try append(3, to: file) }
        #expect(content(file.path) == before)
    }

    @Test("a user's file is replaced by an update that may discard invalid content, unless a newer version wrote it")
    func replacement() throws {
        for (text, isReplaced) in [("{", true), (#"{"version":3}"#, false)] {
            let directory = try FixtureDirectory()
            try directory.file("list.json", text.utf8, mode: 0o600)
            let file = file(in: directory)
            try? file.update(replacesInvalid: true) { $0.values.append(3) }
            #expect((try? file.read())?.values == (isReplaced ? [3] : nil), "\(text)")
        }
    }

    @Test("a user's file is made with its directories, readable by the user alone")
    func creation() throws {
        let directory = try FixtureDirectory()
        let file = UserFile<Numbers>(path: directory.path + "/a/b/list.json")
        #expect(try file.read() == nil)
        try file.update { $0.values.append(7) }
        #expect(try file.read()?.values == [7])
        var status = stat()
        #expect(stat(file.path, &status) == 0 && status.st_mode & 0o7777 == 0o600)
    }

    @Test("a user's file is not written by an update that changes nothing")
    func unchanged() throws {
        let directory = try FixtureDirectory()
        let file = file(in: directory)
        try file.update { _ in }
        #expect(!PrivateFile.exists(file.path))
        try directory.file("list.json", (Self.valid + " ").utf8, mode: 0o600)
        try file.update { $0.values = [1, 2] }
        #expect(try String(contentsOfFile: file.path, encoding: .utf8) == Self.valid + " ")
    }

    @Test("a user's file keeps its content if the change throws")
    func failedChange() throws {
        let directory = try FixtureDirectory()
        try directory.file("list.json", Self.valid.utf8, mode: 0o600)
        let file = file(in: directory)
        func refuse() throws(ToolHostError) {
            try file.update { content throws(UserFileError) in
                content.values = []
                throw UserFileError("has enough numbers.")
            }
        }
        #expect(throws: ToolHostError.self) { try refuse() }
        #expect(try file.read()?.values == [1, 2])
    }

    @Test("a user's file loses no change of concurrent updates")
    func concurrency() async throws {
        let directory = try FixtureDirectory()
        let file = file(in: directory)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 { group.addTask { try append(number, to: file) } }
            try await group.waitForAll()
        }
        #expect(try file.read()?.values.sorted() == Array(0..<16))
    }
}
