import Foundation
import TestSupport
import Testing
import ToolJSON

/// The dynamic loader has to be executable for granted programs to start, and starts any program that it is given.
@Suite("The dynamic loader", .timeLimit(.minutes(5)))
struct LoaderTests {
    private static let loader = "/lib64/ld-linux-x86-64.so.2"

    /// `run(words, environment)` starts a program, and gives its exit code and output.
    private static let runner = FixtureSource.tool(
        "run",
        before: #"""
            #include <spawn.h>
            #include <stdlib.h>
            #include <sys/wait.h>
            static int split(const tool_call_v1 *call, const char *name, char *text, char **words) {
                tool_text_v1 found;
                int count = 0;
                if (tool_get_text(call, name, &found) == TOOL_RESULT_OK && found.length < 4096) {
                    memcpy(text, found.bytes, found.length);
                    text[found.length] = 0;
                    for (char *word = strtok(text, " "); word && count < 15; word = strtok(NULL, " ")) words[count++] = word;
                }
                words[count] = NULL;
                return count;
            }
            """#,
        extra: #","parameters":{"type":"object","properties":{"words":{"type":"string"},"#
            + #""environment":{"type":"string"}}}"#,
        body: #"""
            char texts[2][4096], *words[16], *variables[16], output[4096];
            int ends[2], status = 0;
            size_t size = 0;
            ssize_t count;
            pid_t child;
            posix_spawn_file_actions_t actions;
            split(call, "/words", texts[0], words);
            split(call, "/environment", texts[1], variables);
            if (pipe(ends) != 0) return tool_fail(call, TOOL_ERROR, "no pipe");
            posix_spawn_file_actions_init(&actions);
            posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
            posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
            int failure = posix_spawn(&child, words[0], &actions, NULL, words, variables);
            close(ends[1]);
            while ((count = read(ends[0], output + size, sizeof output - 1 - size)) > 0) size += (size_t)count;
            output[size] = 0;
            if (failure == 0) waitpid(child, &status, 0);
            tool_print(call, "%d %d %s", failure, status, output);
            return tool_finish(call, TOOL_OK);
            """#
    )

    /// Says so as early as a program can.
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
        "starts nothing that was not granted",
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

    @Test("starts granted programs, and the interpreters of granted scripts", arguments: users)
    func startsGrantedPrograms(asNobody: Bool) throws {
        let data = fixture.data
        let grants = ["read=\(data)", "spawn=\(data)/program", "spawn=\(data)/script"]
        let program = try run(data + "/program", grants: grants, asNobody: asNobody)
        #expect(program.text.hasPrefix("0 0 it ran"), "\(program)")
        let script = try run(data + "/script", grants: grants, asNobody: asNobody)
        #expect(script.text.hasPrefix("0 0 from a script"), "\(script)")
    }

    @Test("cannot be granted")
    func cannotBeGranted() throws {
        let result = try run(Self.loader + " /usr/bin/true", grants: ["read=/usr/bin/true", "spawn=\(Self.loader)"])
        #expect(!result.text.hasPrefix("0 0"), "\(result)")
        #expect(result.errors.contains("is the dynamic loader"), "\(result)")
    }
}
