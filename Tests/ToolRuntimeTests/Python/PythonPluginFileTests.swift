import Foundation
import TestSupport
import Testing
import ToolJSON

@testable import ToolRuntime

/// The check of a Python file and of the modules that belong to it.
@Suite("Python files as plugins")
struct PythonPluginFileTests {
    private let directory: FixtureDirectory

    init() throws { directory = try FixtureDirectory() }

    private func write(_ files: KeyValuePairs<String, String>) throws {
        for (name, text) in files {
            if let slash = name.lastIndex(of: "/") { try directory.directory(String(name[..<slash])) }
            try directory.file(name, text.utf8)
        }
    }

    private func check(_ name: String = "tool.py") throws(PluginError) -> PluginFile {
        try PluginFile(checking: directory.path + "/" + name)
    }

    /// The names of the parts below the directory.
    private func parts(_ file: PluginFile) -> [String] {
        file.parts.map { String($0.path.dropFirst(directory.path.count + 1)) }
    }

    @Test("the parts are the file and the modules of its directory that it imports, directly or not")
    func modules() throws {
        try write([
            "tool.py": "import os, helper, missing\nfrom pack.deep import x\nimport json\nimport tool",
            "helper.py": "import _second\nimport helper", "_second.py": "import tool", "unused.py": "",
            "json.py": "raise SystemExit", "pack/__init__.py": "", "pack/deep.py": "import third", "pack/other.py": "",
            "pack/sub/more.py": "", "pack/data.txt": "", "pack/.hidden.py": "", "third.py": "", "folder/x.py": "",
        ])
        let file = try check()
        #expect(
            Set(parts(file)) == [
                "tool.py", "helper.py", "_second.py", "pack/__init__.py", "pack/deep.py", "pack/other.py",
                "pack/sub/more.py", "third.py",
            ]
        )
        #expect(parts(file).first == "tool.py" && parts(file).count == 8)
        #expect(file.isPython && !file.isBinding && file.python != nil && file.findings == nil)
        #expect(file.stamp.count == 8 * 7)
        #expect(parts(try check()) == parts(file))
    }

    @Test("a package takes precedence over a module, and a directory without __init__.py is no package")
    func precedence() throws {
        try write(["tool.py": "import a, b", "a.py": "", "a/__init__.py": "", "b.py": "", "b/x.py": ""])
        #expect(Set(parts(try check())) == ["tool.py", "a/__init__.py", "b.py"])
    }

    @Test("a file without local modules is recognised until it or its directory changes")
    func recognition() throws {
        try write(["tool.py": "import os, helper"])
        // A change soon after another one may have the same time.
        let past = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 1000)]
        try FileManager.default.setAttributes(past, ofItemAtPath: directory.path)
        let file = try check()
        let findings = try #require(file.findings)
        #expect(findings.absences.map(\.path) == [directory.path])
        func recognise() throws -> PluginFile? {
            var scan = FileScan()
            let found = scan.find(file.path)
            return PluginFile(try #require(found), as: findings, &scan)
        }
        let known = try #require(try recognise())
        #expect(known.isPython && known.python == nil && known.stamp == file.stamp)
        try write(["helper.py": ""])
        #expect(try recognise() == nil)
        try write(["plain.py": "import os"])
        #expect(try check("plain.py").findings?.absences.isEmpty == true)
    }

    @Test("the metadata of a file are read, and an error in them refuses it")
    func metadata() throws {
        try write([
            "tool.py": "# /// script\n# [tool.toolhost]\n# version = \"2\"\n# ///\n",
            "bad.py": "# /// script\n# [tool.toolhost]\n# verion = \"2\"\n# ///\n",
        ])
        #expect(try check().python?.metadata.manifest["version"] == "2")
        #expect {
            try check("bad.py")
        } throws: { error in
            let error = error as? PluginError
            return error?.code == .invalidManifest
                && error?.message.hasPrefix("The metadata in line 3 cannot be used: \"verion\" is unknown") == true
        }
    }

    @Test(
        "a file that cannot be a plugin is refused before its code runs",
        arguments: [
            ("tool.py", "\u{FF}", "Is not valid UTF-8."), ("a b.py", "", "Needs a name of letters"),
            ("_tool.py", "", "Needs a name of letters"),
            ("large.py", "large", "the maximum for a Python file is 4194304"),
            ("module.py", "import helper", "Its module"), ("link.py", "import linked", "is a symbolic link"),
            ("deep.py", "import deeply", "is nested too deeply"), ("many.py", "import much", "more than 191 files"),
        ]
    )
    func refused(name: String, text: String, reason: String) throws {
        switch name {
        case "tool.py": try directory.file(name, [0x78, 0xFF])
        case "large.py": try directory.file(name, Array(repeating: UInt8(ascii: "\n"), count: 4 << 20 | 1))
        default: try directory.file(name, text.utf8)
        }
        try directory.file("helper.py", "".utf8, mode: 0o666)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/linked.py",
            withDestinationPath: directory.path + "/target"
        )
        try directory.file("target", "".utf8)
        try write(["much/__init__.py": "", "deeply/__init__.py": ""])
        for index in 0..<200 { try directory.file("much/m\(index).py", "".utf8) }
        try write(["deeply/" + String(repeating: "a/", count: 20) + "x.py": ""])
        #expect {
            try check(name)
        } throws: { error in
            (error as? PluginError)?.message.contains(reason) == true
        }
    }

    @Test("a Python file is not loaded into this process")
    func notLoaded() throws {
        try write(["tool.py": "raise SystemExit"])
        let file = try check()
        #expect {
            try LoadedPlugin(loading: file, log: { _, _ in })
        } throws: { error in
            (error as? PluginError)?.message.hasPrefix("Is a Python file") == true
        }
    }

    @Test("a file that another user may write is refused", arguments: ["file", "directory"])
    func foreign(what: String) throws {
        try directory.directory("open")
        try directory.file("open/tool.py", "raise SystemExit".utf8)
        chmod(directory.path + (what == "file" ? "/open/tool.py" : "/open"), 0o777)
        #expect {
            try check("open/tool.py")
        } throws: { error in
            (error as? PluginError)?.code == .notTrusted
        }
    }
}
