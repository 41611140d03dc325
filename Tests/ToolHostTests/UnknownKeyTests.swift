import Foundation
import TestSupport
import Testing
import ToolJSON
import ToolRuntime

@testable import ToolHost

@Suite("A key in a file that the user writes")
struct UnknownKeyTests {
    /// An object that refuses unknown keys.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// A key with a missing letter, and the intended key.
        let mistyped: (key: String, meant: String)
        /// True for the object of a whole file.
        let isDocument: Bool
        /// Reads the object with a member added.
        ///
        /// - Returns: The message of the error, or nil if there is none.
        let fault: @Sendable (_ member: String) throws -> String?

        init(
            _ name: String,
            _ mistyped: (String, String),
            isDocument: Bool = false,
            _ fault: @escaping @Sendable (String) throws -> String?
        ) {
            (testDescription, self.mistyped, self.isDocument, self.fault) = (name, mistyped, isDocument, fault)
        }
    }

    private static func policy(_ text: String) throws -> String? {
        let directory = try FixtureDirectory()
        let path = try directory.file("policy.json", text.utf8, mode: 0o600)
        do throws(ToolHostError) { _ = try PolicyFile(path: path) } catch { return error.message }
        return nil
    }

    private static func permissions(_ text: String) throws -> String? {
        let json = try JSON(parsing: text)
        do throws(ToolHostError) { _ = try PluginPermissions(json) } catch { return error.message }
        return nil
    }

    static let places = [
        Place("config.json", ("limit", "limits"), isDocument: true) { member in
            do throws(UserFileError) { _ = try ConfigurationFile(parsing: Array("{\(member)}".utf8)) } catch {
                return error.sentence
            }
            return nil
        },
        Place("policy.json", ("rule", "rules"), isDocument: true) { member in
            try policy(#"{"version": 1, "rules": [], \#(member)}"#)
        },
        Place("a rule of policy.json", ("plugn", "plugin")) { member in
            try policy(#"{"version": 1, "rules": [{"tool": "a", "decision": "ask", \#(member)}]}"#)
        },
        Place("permissions", ("netwrk", "network")) { member in try permissions("{\(member)}") },
        Place("a binding", ("type", "types"), isDocument: true) { member in
            try bindingFault(#"{"toolhost": 1, "plugin": {"name": "a"}, "library": "libm.so.6", \#(member)}"#)
        },
        Place("the plugin of a binding", ("versin", "version")) { member in
            try bindingFault(#"{"toolhost": 1, "plugin": {"name": "a", \#(member)}, "library": "libm.so.6"}"#)
        },
    ]

    /// The error about the keys of a binding.
    private static func bindingFault(_ text: String) throws -> String? {
        do throws(NativeSignatureError) {
            _ = try Binding(parsing: Array(text.utf8))
        } catch {
            return error.message.contains("unknown") ? error.message : nil
        }
        return nil
    }

    @Test("an unknown key is refused, with the known keys and the one that was probably intended", arguments: places)
    func unknown(place: Place) throws {
        let message = try #require(try place.fault(#""\#(place.mistyped.key)": 1"#))
        #expect(message.contains(place.mistyped.key) && message.contains("known are "), "\(message)")
        #expect(message.contains(#"Did you mean "\#(place.mistyped.meant)"?"#), "\(message)")
        // A long key does not fill the message.
        let long = try #require(try place.fault(#""\#(String(repeating: "k", count: 10_000))": 1"#))
        #expect(long.utf8.count < 1000)
    }

    @Test("the key $schema is accepted only at the top of a file", arguments: places)
    func schema(place: Place) throws {
        let message = try place.fault(##""$schema": "https://example.org/schema.json""##)
        #expect((message == nil) == place.isDocument, "\(message ?? "")")
    }

    @Test("the key $schema stays in policy.json when a rule is added, and is ignored in the lock file")
    func kept() throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("policy.json", #"{"$schema":"a","version":1,"rules":[]}"#.utf8, mode: 0o600)
        var policy = try PolicyFile(path: path)
        try policy.add(PolicyFile.Rule(tool: "a", decision: .allow))
        let json = try JSON(parsing: String(contentsOfFile: path, encoding: .utf8))
        #expect(json["$schema"] == "a" && json["rules"]?.array?.count == 1, "\(json.text())")
        let lock = try directory.file("lock.json", #"{"$schema":"a","version":1,"plugins":{}}"#.utf8, mode: 0o600)
        #expect(try TrustFile(path: lock).records().isEmpty)
    }
}
