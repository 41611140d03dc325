import Testing
import ToolJSON

@testable import ToolRuntime

@Suite("The metadata of a Python file")
struct ScriptMetadataTests {
    /// A Python file with a block of these lines, whose first line is line 3 of the file.
    private static func file(_ lines: String) -> [UInt8] {
        let block = lines.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "#" : "# \($0)" }
        return Array((["import os", "# /// script"] + block + ["# ///", "x = 1"]).joined(separator: "\n").utf8)
    }

    private static func metadata(_ lines: String) throws(ScriptError) -> ScriptMetadata {
        try ScriptMetadata(in: file(lines))
    }

    @Test("every member of a block is read")
    func whole() throws {
        let metadata = try Self.metadata(
            """
            requires-python = ">=3.11"
            dependencies = [
              "httpx[http2]<1",  # a comment
              'Pillow ; python_version < "4"',
            ]

            [tool.ruff]
            line-length = 100
            lint = { select = ["E", "F"], ratio = 1.5 }

            [[tool.uv.index]]
            url = "https://example.org"

            [tool.toolhost]
            name = "sky"
            version = "1.2.0"
            config = ["root", "key"]
            concurrent = true
            timeout = 20
            permissions.network = [443]
            permissions.read = ["${root}", "/a\\u00e9\\n"]
            """
        )
        #expect(metadata.pythonVersion?.text == ">=3.11")
        #expect(metadata.packages.map(\.name) == ["httpx", "pillow"])
        #expect(metadata.packages.map(\.isConditional) == [false, true])
        #expect(metadata.isConcurrent && metadata.timeout == 20)
        let permissions: JSON = ["network": [443], "read": ["${root}", "/aé\n"]]
        #expect(
            JSON.object(metadata.manifest)
                == ["name": "sky", "version": "1.2.0", "config": ["root", "key"], "permissions": permissions]
        )
    }

    @Test(
        "a file without a block of the type script has no metadata",
        arguments: [
            "", "x = 1\n", "# /// other\n# name = 1\n# ///\n", "  # /// script\n# ///\n", "#/// script\n# ///\n",
            "'''\n /// script\n'''\n", "# /// script # more\n",
        ]
    )
    func none(text: String) throws {
        let metadata = try ScriptMetadata(in: Array(text.utf8))
        #expect(metadata == (try ScriptMetadata(in: [])))
        #expect(metadata.manifest.isEmpty && metadata.packages.isEmpty && metadata.pythonVersion == nil)
    }

    @Test("a block may have carriage returns, and end with the last such line of its comment")
    func lines() throws {
        #expect(
            try ScriptMetadata(in: Array("# /// script\r\n# dependencies = [\"a\"]\r\n# ///\r\n".utf8)).packages.count
                == 1
        )
        let text = "# /// script\n# dependencies = ['''\n# ///\n# ///\n"
        #expect(throws: ScriptError(line: 2, "strings of several lines are not read")) {
            try ScriptMetadata(in: Array(text.utf8))
        }
    }

    @Test(
        "an invalid block is an error with its line",
        arguments: [
            ("\n\nname", 5, "a key is not followed by `=`"), ("= 1", 3, "a key is missing"),
            ("a = ", 3, "a value is missing"), ("a = 1 2", 3, "the line goes on after its value"),
            ("a = 1\na = 2", 4, "\"a\" is defined twice"), ("[a]\n[a]", 4, "\"a\" is defined twice"),
            ("a = 1\n[a]", 4, "\"a\" is defined twice"), ("[a]\nb.c = 1\nb = 2", 5, "\"b\" is defined twice"),
            ("a = {b = 1}\n[a.c]", 4, "\"a\" is not a table that can be extended"),
            ("a = {b = 1}\na.c = 1", 4, "\"a\" is defined twice"),
            ("[a", 3, "the header of a table is not closed"), ("[[a]", 3, "the header of a table is not closed"),
            ("[]", 3, "a key is missing"), ("a = [1, 2", 3, "an array is not closed"),
            ("a = [1\n2]", 4, "the elements of an array need commas"), ("a = {b = 1\n}", 3, "in braces is not closed"),
            ("a = \"x", 3, "a string is not closed in its line"), ("a = 'x", 3, "a string is not closed in its line"),
            ("a = \"\\q\"", 3, "unknown escape sequence \\q"), ("a = \"\\u12\"", 3, "an invalid escape sequence"),
            ("a = \"\\ud800\"", 3, "an invalid escape sequence"), ("a = \"\"\"x\"\"\"", 3, "strings of several lines"),
            ("a = 1979-05-27", 3, "\"1979-05-27\" is not a value"), ("a = 0x1F", 3, "\"0x1F\" is not a value"),
            ("a = 012", 3, "\"012\" is not a value"), ("a = True", 3, "\"True\" is not a value"),
            ("a = nan", 3, "\"nan\" is not a value"), ("a = 99999999999999999999", 3, "is not a value"),
            ("requires-python = 3", 3, "must be a string of versions"),
            ("requires-python = \"3.11\"", 3, "must be a string of versions"),
            ("\ndependencies = \"httpx\"", 4, "must be an array of at most 256 strings"),
            ("dependencies = [1]", 3, "must be an array of at most 256 strings"),
            ("dependencies = [\"<1\"]", 3, "\"<1\" does not name a package"),
            ("tool = 1", 3, "\"tool\" must be a table"),
            ("[tool]\ntoolhost = 1", 4, "\"tool.toolhost\" must be a table"),
            (
                "[tool.toolhost]\nversions = \"1\"", 4,
                "\"versions\" is unknown in \"tool.toolhost\"; known are name, version, config, concurrent, timeout, "
                    + "permissions. Did you mean \"version\"?"
            ),
            ("[tool.toolhost]\nname = \"a b\"", 4, "\"name\" must be"),
            ("[tool.toolhost]\nname = 1", 4, "\"name\" must be"),
            ("[tool.toolhost]\nconfig = [1]", 4, "\"config\" must be an array of names"),
            ("[tool.toolhost]\nconcurrent = 1", 4, "\"concurrent\" must be true or false"),
            ("[tool.toolhost]\ntimeout = 0", 4, "\"timeout\" must be a number of seconds"),
            ("[tool.toolhost]\ntimeout = \"1\"", 4, "\"timeout\" must be a number of seconds"),
            ("[tool.toolhost]\npermissions = []", 4, "\"permissions\" must be a table"),
        ]
    )
    func invalid(lines: String, line: Int, reason: String) {
        #expect {
            try Self.metadata(lines)
        } throws: { error in
            guard let error = error as? ScriptError else { return false }
            return error.line == line && error.reason.contains(reason)
        }
    }

    @Test(
        "a block that does not end, and a second block, are errors with their lines",
        arguments: [
            ("# /// script\n# a = 1\n", 1, "the block is not closed"),
            ("x\n# /// script\n# a = 1\nx = 1\n# ///\n", 2, "the block is not closed"),
            ("# /// script\n# ///\n\n# /// script\n# ///\n", 4, "it is the second block"),
        ]
    )
    func blocks(text: String, line: Int, reason: String) {
        #expect {
            try ScriptMetadata(in: Array(text.utf8))
        } throws: { error in
            guard let error = error as? ScriptError else { return false }
            return error.line == line && error.reason.contains(reason)
        }
    }

    @Test("deep and long input is an error or is read in linear time")
    func hostile() {
        let deep = [
            "a = " + String(repeating: "[", count: 10_000), "a = " + String(repeating: "{a=", count: 10_000),
            Array(repeating: "a", count: 10_000).joined(separator: ".") + " = 1",
        ]
        for lines in deep { #expect(throws: ScriptError.self) { try Self.metadata(lines) } }
        #expect(throws: ScriptError.self) { try Self.metadata(String(repeating: "#\n", count: 40_000)) }
        let blocks = String(repeating: "# /// script\n#\n", count: 100_000)
        #expect(throws: ScriptError.self) { try ScriptMetadata(in: Array(blocks.utf8)) }
    }

    @Test("any bytes in a block are read or refused")
    func arbitrary() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("a.=[]{}\"'\\u1,# \n\t-_\u{0}\u{7F}é".utf8)
        for _ in 0..<2000 {
            let count = Int.random(in: 0...60, using: &generator)
            let bytes = (0..<count).compactMap { _ in alphabet.randomElement(using: &generator) }
            _ = try? ScriptMetadata(in: Array("# /// script\n# ".utf8) + bytes + Array("\n# ///\n".utf8))
        }
    }

    @Test(
        "a version requirement is met by the versions that it means",
        arguments: [
            (">=3.9", "3.9.0 3.13.1 4.0.0", "3.8.18"), (">=3.10,<4", "3.10.0 3.14.0", "3.9.9 4.0.0"),
            ("==3.11.*", "3.11.0 3.11.9", "3.10.9 3.12.0"), ("!=3.11.*", "3.12.0", "3.11.2"),
            ("~=3.10", "3.10.0 3.13.0", "3.9.0 4.0.0"), ("~=3.10.2", "3.10.2 3.10.9", "3.10.1 3.11.0"),
            (">3.11", "3.11.1 3.12.0", "3.11.0 3.10.9"), ("<=3.11", "3.11.0 3.9.1", "3.11.1"),
            ("== 3.11 , != 3.12.1", "3.11.0", "3.11.1"),
        ]
    )
    func versions(text: String, met: String, unmet: String) throws {
        let requirement = try #require(VersionRequirement(text))
        for (list, isMet) in [(met, true), (unmet, false)] {
            for version in list.split(separator: " ") {
                let numbers = version.split(separator: ".").compactMap { Int($0) }
                let version = PythonVersion(numbers[0], numbers[1], numbers[2])
                #expect(requirement.isMet(by: version) == isMet, "\(version)")
            }
        }
    }

    @Test(
        "a requirement of something other than numbers is not valid",
        arguments: ["", "3.11", ">=3.13rc1", ">=", ">=3.", "~=3", ">=3.*", "=>3", ">=3,", ">=99999999999", ">=1.2.3.4"]
    )
    func notVersions(text: String) { #expect(VersionRequirement(text) == nil) }

    @Test(
        "equal names of packages have the same normal form",
        arguments: [("Flask-SQL_Alchemy", "flask-sql-alchemy"), ("zope.interface", "zope-interface"), ("a--b", "a-b")]
    )
    func packages(name: String, normal: String) {
        #expect(PackageRequirement.normalName(name) == normal)
        #expect(PackageRequirement(name + "[extra]>=1")?.name == normal)
    }
}
