import Foundation
import TestSupport
import Testing
import ToolJSON

/// The dynamic loader must be executable so that granted programs start, but it can start any program.
@Suite("The dynamic loader", .timeLimit(.minutes(5)))
struct LoaderTests {
    private static let loader = "/lib64/ld-linux-x86-64.so.2"

    /// The tool `run(words, environment)`, which starts a program and returns its exit code and output.
    private static var runner: String {
        get throws {
            try FixtureSource.tool(
                "run",
                before: FixtureSource.file("program_runner.c"),
                extra: #","parameters":{"type":"object","properties":{"words":{"type":"string"},"#
                    + #""environment":{"type":"string"}}}"#,
                body: "return run(call);"
            )
        }
    }

    /// A program and library that prints `it ran` as early as it can.
    private static let program = #"""
        #include <unistd.h>
        static void say(void) { (void)!write(1, "it ran", 6); }
        __attribute__((constructor)) static void begin(void) { say(); }
        static int choice(void) { return 0; }
        static int (*choose(void))(void) { say(); return choice; }
        int decide(void) __attribute__((ifunc("choose")));
        unsigned la_version(unsigned version) { say(); return version; }
        int main(void) { say(); return decide(); }
        """#

    private let fixture: AccessFixture

    init() throws {
        fixture = try AccessFixture()
        try fixture.directory.plugin("plugins/run.so", Self.runner, flags: ["-w"])
        try FileManager.default.moveItem(
            atPath: try fixture.directory.program("program", Self.program),
            toPath: fixture.data + "/program"
        )
        try fixture.directory.plugin("data/library.so", Self.program)
        let script = try fixture.directory.file("script", "#!/bin/sh\necho from a script\n".utf8, mode: 0o755)
        try ChildProcess.copy([script], to: fixture.data + "/script")
    }

    private func run(
        _ words: String,
        environment: String = "",
        grants: [String],
        asNobody: Bool = false
    ) throws -> (text: String, errors: String) {
        let arguments: JSON = ["words": .string(words), "environment": .string(environment)]
        var command = try fixture.command(["call", "run", arguments.text()], asNobody: asNobody)
        for grant in grants { command.arguments += ["--allow", "run:\(grant)"] }
        let run = try command.run()
        return (run.output, run.errors)
    }

    private static let users = geteuid() == 0 ? [false, true] : [false]

    @Test(
        "a plugin cannot start other programs with the dynamic loader",
        .enabled(if: access(loader, F_OK) == 0, "another loader"),
        arguments: [
            ("\(loader) DATA/program", ""), ("\(loader) --preload DATA/library.so /usr/bin/true", ""),
            ("\(loader) --audit DATA/library.so /usr/bin/true", ""), ("\(loader) /usr/bin/true", ""),
            ("\(loader) /usr/bin/true", "LD_PRELOAD=DATA/library.so"),
            ("/lib/../lib64/ld-linux-x86-64.so.2 --argv0 true --library-path /lib DATA/program", ""),
        ],
        users
    )
    func startsNothing(_ start: (String, String), asNobody: Bool) throws {
        let data = fixture.data
        func filled(_ text: String) -> String { text.replacingOccurrences(of: "DATA", with: data) }
        let result = try run(
            filled(start.0),
            environment: filled(start.1),
            grants: ["read=\(data)", "spawn=/usr/bin/true"],
            asNobody: asNobody
        )
        #expect(!result.text.contains("it ran") && !result.text.hasPrefix("0 0 "), "\(result)")
        #expect(result.text.first?.isNumber == true, "\(result)")
    }

    @Test("granted programs and the interpreters of granted scripts start", arguments: users)
    func startsGrantedPrograms(asNobody: Bool) throws {
        let data = fixture.data
        let grants = ["read=\(data)", "spawn=\(data)/program", "spawn=\(data)/script"]
        let program = try run(data + "/program", grants: grants, asNobody: asNobody)
        #expect(program.text.hasPrefix("0 0 it ran"), "\(program)")
        let script = try run(data + "/script", grants: grants, asNobody: asNobody)
        #expect(script.text.hasPrefix("0 0 from a script"), "\(script)")
    }

    @Test("the dynamic loader cannot be granted")
    func cannotBeGranted() throws {
        let result = try run(Self.loader + " /usr/bin/true", grants: ["read=/usr/bin/true", "spawn=\(Self.loader)"])
        #expect(!result.text.hasPrefix("0 0"), "\(result)")
        #expect(result.errors.contains("is the dynamic loader"), "\(result)")
    }
}
