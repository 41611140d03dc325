import Foundation
import TestSupport
import Testing

/// A hostile plugin with one tool, and the expected result of its call.
struct HostilePlugin: Sendable, CustomTestStringConvertible {
    /// The outcome of the call.
    enum Outcome: Sendable {
        /// The call has this status, and its text contains these words.
        case result(String, String)
        /// The call has one of these statuses.
        case oneOf([String])
        /// The plugin never registers, and the report of `doctor` contains these words.
        case unregistered(String)
    }

    let name: String
    /// The declarations before the functions.
    var declarations = ""
    /// The statements that run while the plugin is loaded.
    var constructor = ""
    /// The statements that run while the plugin registers.
    var registration = ""
    /// The statements of the tool; the last one returns.
    var body = "return tool_reply(call, tool_text(\"reached\"));"
    var language = "c"
    /// The timeout of the tool in seconds.
    var timeout = 1
    let outcome: Outcome

    var testDescription: String { name }

    /// The C source of the plugin, whose tool is `hostile`.
    var source: String {
        get throws {
            let schema = #"{"name":"hostile","description":"Do harm","toolhost":{"timeout":\#(timeout)}}"#
            return try FixtureSource.file(
                "hostile_plugin.c",
                defining: ["HOSTILE_SCHEMA": FixtureSource.literal(schema)]
            )
            .replacing("/* DECLARATIONS */", with: declarations)
            .replacing("/* CONSTRUCTOR */", with: constructor)
            .replacing("/* BODY */", with: body)
            .replacing("/* REGISTRATION */", with: registration)
        }
    }
}

// MARK: - Crashes and endless calls

extension HostilePlugin {
    private static func crash(_ name: String, _ statement: String, _ words: String, declarations: String = "")
        -> HostilePlugin
    {
        HostilePlugin(
            name: name,
            declarations: declarations,
            body: "\(statement); return tool_finish(call, TOOL_OK);",
            outcome: .result("plugin_failed", words)
        )
    }

    private static let recursion = """
        static int deep(int n) { volatile char room[4096]; room[0] = (char)n; return n < 0 ? 0 : deep(n + 1) + room[0]; }
        """
    /// Maps memory behind the end of a file: that of the plugin, the only file that it can read.
    private static let mapping = """
        int dladdr(const void *address, void *info);
        static volatile char *memory_behind_file(void) {
            struct { const char *file; void *base; const char *symbol; void *address; } info;
            struct stat status;
            dladdr((const void *)memory_behind_file, &info);
            int file = open(info.file, O_RDONLY);
            if (file < 0 || fstat(file, &status) < 0) return 0;
            char *start = (char *)mmap(0, (size_t)status.st_size + 65536, PROT_READ, MAP_PRIVATE, file, 0);
            return start + status.st_size + 32768;
        }
        """
    private static let badAccess = "*(volatile int *)16 = 1"

    /// Plugins that terminate their process.
    static let crashing: [HostilePlugin] = [
        crash("crashes with SEGV", badAccess, "SIGSEGV"),
        crash("crashes with ABRT", "abort()", "SIGABRT"),
        crash("crashes with FPE", "volatile int zero = 0; tool_print(call, \"%d\", 7 / zero)", "SIGFPE"),
        crash(
            "crashes with BUS",
            "volatile char *end = memory_behind_file(); tool_print(call, \"%d\", *end)",
            "SIGBUS, an invalid access to memory",
            declarations: mapping
        ),
        crash("crashes with ILL", "__builtin_trap()", "SIGILL"),
        crash("overflows its stack", "tool_print(call, \"%d\", deep(0))", "SIGSEGV", declarations: recursion),
        crash("frees twice", "void *volatile p = malloc(64); free(p); free(p)", "SIGABRT"),
        crash("exits", "exit(3)", "exit code 3"),
        crash("exits at once", "_exit(0)", "exit code 0"),
        crash("kills itself", "kill(getpid(), SIGKILL)", "SIGKILL"),
        crash("jumps to an invalid place", "longjmp(gone, 1)", "SIG", declarations: "static jmp_buf gone;"),
        crash(
            "ignores fault signals, and faults",
            "signal(SIGSEGV, SIG_IGN); signal(SIGABRT, SIG_IGN); \(badAccess)",
            "SIGSEGV"
        ),
        crash(
            "removes the crash handler of the worker, and faults",
            "signal(SIGSEGV, SIG_DFL); \(badAccess)",
            "SIGSEGV"
        ),
        HostilePlugin(
            name: "crashes in its constructor",
            constructor: badAccess + ";",
            outcome: .unregistered("SIGSEGV")
        ),
        HostilePlugin(name: "exits in its constructor", constructor: "exit(0);", outcome: .unregistered("exit code 0")),
        HostilePlugin(name: "crashes while it registers", registration: "abort();", outcome: .unregistered("SIGABRT")),
        HostilePlugin(
            name: "exits while it registers",
            registration: "_exit(9);",
            outcome: .unregistered("exit code 9")
        ),
        HostilePlugin(
            name: "throws a C++ exception",
            body: "if (call) throw 1; return TOOL_DONE;",
            language: "c++",
            outcome: .result("plugin_failed", "SIGABRT")
        ),
    ]

    /// Plugins that do not return.
    static let endless: [HostilePlugin] = [
        HostilePlugin(name: "loops", body: "for (;;) { }", outcome: .result("timed_out", "")),
        HostilePlugin(
            name: "blocks",
            body: "for (;;) pause(); return TOOL_DONE;",
            outcome: .result("timed_out", "")
        ),
        HostilePlugin(
            name: "loops in a handler for its faults",
            declarations: "static void again(int signal) { (void)signal; for (;;) { } }",
            body: "signal(SIGSEGV, again); \(badAccess); return TOOL_DONE;",
            outcome: .result("timed_out", "")
        ),
        HostilePlugin(
            name: "completes and loops",
            body: "tool_reply(call, tool_text(\"reached\")); for (;;) { }",
            outcome: .result("ok", "reached")
        ),
        HostilePlugin(name: "never completes", body: "return TOOL_PENDING;", outcome: .result("timed_out", "")),
        HostilePlugin(
            name: "blocks every signal and loops",
            body: "sigset_t all; sigfillset(&all); pthread_sigmask(SIG_SETMASK, &all, NULL); for (;;) { }",
            outcome: .result("timed_out", "")
        ),
        HostilePlugin(
            name: "loops in its constructor",
            constructor: "for (;;) { }",
            outcome: .unregistered("did not load and register within")
        ),
        HostilePlugin(
            name: "blocks while it registers",
            registration: "for (;;) pause();",
            outcome: .unregistered("did not load and register within")
        ),
        HostilePlugin(
            name: "blocks when its process exits",
            declarations: "static void hang(void) { for (;;) pause(); }",
            constructor: "atexit(hang);",
            outcome: .result("ok", "reached")
        ),
    ]
}

// MARK: - Contract violations

extension HostilePlugin {
    private static let later = """
        struct later { const tool_call_v1 *call; useconds_t delay; };
        static void *complete(void *argument) {
            struct later later = *(struct later *)argument;
            usleep(later.delay);
            return tool_finish(later.call, TOOL_OK), NULL;
        }
        static struct later later;
        static void start(const tool_call_v1 *call, useconds_t delay) {
            pthread_t thread;
            later.call = call;
            later.delay = delay;
            if (pthread_create(&thread, NULL, complete, &later) == 0) pthread_detach(thread);
        }
        """

    /// Plugins that each violate one rule of the contract.
    static let violating: [HostilePlugin] = [
        HostilePlugin(
            name: "completes twice",
            body: "tool_reply(call, tool_text(\"once\")); return tool_finish(call, TOOL_ERROR);",
            outcome: .result("ok", "once")
        ),
        HostilePlugin(
            name: "completes late",
            declarations: later,
            body: "start(call, 3000000); return TOOL_PENDING;",
            outcome: .result("timed_out", "")
        ),
        HostilePlugin(
            name: "completes on another thread",
            declarations: later,
            body: "tool_print(call, \"from afar\"); start(call, 1000); return TOOL_PENDING;",
            outcome: .result("ok", "from afar")
        ),
        HostilePlugin(
            name: "returns TOOL_DONE without a result",
            body: "return TOOL_DONE;",
            outcome: .result("plugin_failed", "")
        ),
        HostilePlugin(
            name: "returns an unknown code",
            body: "return -77;",
            outcome: .result("plugin_failed", "")
        ),
        HostilePlugin(
            name: "writes 1 GiB",
            body: """
                size_t size = 1 << 20;
                char *part = (char *)calloc(1, size);
                memset(part, 'x', size);
                tool_text_v1 text = {part, size};
                for (int i = 0; i < 1024; i++) tool_write_text(call, text);
                free(part);
                return tool_finish(call, TOOL_OK);
                """,
            timeout: 20,
            // The host refuses each part beyond the limit, and reports that to the plugin.
            outcome: .result("ok", "xxxx")
        ),
        HostilePlugin(
            name: "writes a part that is longer than memory",
            body:
                "tool_text_v1 text = {\"x\", SIZE_MAX / 2}; tool_write_text(call, text); return tool_finish(call, TOOL_OK);",
            // The host refuses the part, and the call continues.
            outcome: .result("ok", "")
        ),
        HostilePlugin(
            name: "writes invalid UTF-8",
            body: #"tool_text_v1 text = {"\377\300", 2}; return tool_reply(call, text);"#,
            outcome: .result("ok", "\u{FFFD}")
        ),
        HostilePlugin(
            name: "reports progress endlessly",
            body: "for (;;) tool_progress(call, 0.5, \"half\");",
            outcome: .result("timed_out", "")
        ),
        HostilePlugin(
            name: "logs endlessly",
            body: "for (;;) call->host->log(call->host, TOOL_LOG_ERROR, tool_text(\"again\"));",
            outcome: .result("timed_out", "")
        ),
        HostilePlugin(
            name: "resolves host names without permission",
            body: """
                tool_text_v1 found;
                int denied = 0;
                for (int i = 0; i < 1000; i++)
                    denied += call->host->resolve(call->host, call->id, tool_text("localhost"), &found) == TOOL_RESULT_DENIED;
                tool_print(call, "denied: %d", denied);
                return tool_finish(call, TOOL_OK);
                """,
            outcome: .result("ok", "denied: 1000")
        ),
    ]
}
