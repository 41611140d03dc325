import Foundation
import TestSupport
import Testing

/// A hostile plugin, and what its one call is to be answered with.
struct Animal: Sendable, CustomTestStringConvertible {
    /// What becomes of its call.
    enum Outcome: Sendable {
        /// The call's status, as `--json` has it, and words of its text.
        case answer(String, String)
        /// Any of these statuses.
        case oneOf([String])
        /// It never registers; words of what `doctor` says of the file.
        case missing(String)
    }

    let name: String
    /// C before the functions.
    var before = ""
    /// Statements that run while it is loaded.
    var constructor = ""
    /// Statements that run while it registers.
    var registration = ""
    /// Statements of its tool, of which the last returns what it has not returned before.
    var body = "return tool_reply(call, tool_text(\"reached\"));"
    var language = "c"
    /// The tool's time, in seconds.
    var timeout = 1
    let outcome: Outcome

    var testDescription: String { name }

    /// The C text of the plugin; its tool has the name `hostile`.
    var source: String {
        let schema = FixtureSource.literal(
            #"{"name":"hostile","description":"Do harm","toolhost":{"timeout":\#(timeout)}}"#
        )
        return """
            #include "tool_plugin.h"
            #include <arpa/inet.h>
            #include <errno.h>
            #include <fcntl.h>
            #include <locale.h>
            #include <pthread.h>
            #include <setjmp.h>
            #include <signal.h>
            #include <sys/mman.h>
            #include <sys/prctl.h>
            #include <sys/ptrace.h>
            #include <sys/resource.h>
            #include <sys/shm.h>
            #include <sys/socket.h>
            #include <sys/stat.h>
            #include <sys/syscall.h>
            #include <sys/uio.h>
            #include <sys/un.h>
            #include <unistd.h>
            /* The error of a system call, or what it gave. */
            static int32_t tell(const tool_call_v1 *call, long result) {
                if (result < 0) tool_print(call, "%s", strerror(errno)); else tool_print(call, "done: %ld", result);
                return tool_finish(call, TOOL_OK);
            }
            \(before)
            __attribute__((constructor)) static void begin(void) { \(constructor) }
            static int32_t execute(void *context, const tool_call_v1 *call) {
                (void)context; (void)tell;
                \(body)
            }
            static const tool_text_v1 schema = TOOL_TEXT(\(schema));
            static const tool_text_v1 manifest = TOOL_TEXT("{\\"name\\":\\"hostile\\"}");
            static tool_v1 tool;
            static const tool_v1 *const tools[] = {&tool};
            static tool_plugin_v1 plugin;
            \(language == "c++" ? "extern \"C\"" : "") const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {
                (void)host;
                tool.struct_size = sizeof tool; tool.schema = schema; tool.execute = execute;
                tool.flags = TOOL_FLAG_CONCURRENT;
                plugin.struct_size = sizeof plugin; plugin.manifest = manifest;
                plugin.tools = tools; plugin.tool_count = 1;
                \(registration)
                return &plugin;
            }
            """
    }
}

// MARK: - How they end, or do not

extension Animal {
    private static func crash(_ name: String, _ statement: String, _ words: String, before: String = "") -> Animal {
        Animal(
            name: name,
            before: before,
            body: "\(statement); return tool_finish(call, TOOL_OK);",
            outcome: .answer("plugin_failed", words)
        )
    }

    private static let recursion = """
        static int deep(int n) { volatile char room[4096]; room[0] = (char)n; return n < 0 ? 0 : deep(n + 1) + room[0]; }
        """
    /// Memory behind the end of a file: the plugin's own, which is the only one at hand.
    private static let mapping = """
        int dladdr(const void *address, void *info);
        static volatile char *beyond(void) {
            struct { const char *file; void *base; const char *symbol; void *address; } info;
            struct stat status;
            dladdr((const void *)beyond, &info);
            int file = open(info.file, O_RDONLY);
            if (file < 0 || fstat(file, &status) < 0) return 0;
            char *start = (char *)mmap(0, (size_t)status.st_size + 65536, PROT_READ, MAP_PRIVATE, file, 0);
            return start + status.st_size + 32768;
        }
        """
    private static let badAccess = "*(volatile int *)16 = 1"

    /// They take their process with them.
    static let crashing: [Animal] = [
        crash("crashes with SEGV", badAccess, "SIGSEGV"),
        crash("crashes with ABRT", "abort()", "SIGABRT"),
        crash("crashes with FPE", "volatile int zero = 0; tool_print(call, \"%d\", 7 / zero)", "SIGFPE"),
        crash(
            "crashes with BUS",
            "volatile char *end = beyond(); tool_print(call, \"%d\", *end)",
            "SIGBUS, an invalid access to memory",
            before: mapping
        ),
        crash("crashes with ILL", "__builtin_trap()", "SIGILL"),
        crash("overflows its stack", "tool_print(call, \"%d\", deep(0))", "SIGSEGV", before: recursion),
        crash("frees twice", "void *volatile p = malloc(64); free(p); free(p)", "SIGABRT"),
        crash("exits", "exit(3)", "exit code 3"),
        crash("exits at once", "_exit(0)", "exit code 0"),
        crash("kills itself", "kill(getpid(), SIGKILL)", "SIGKILL"),
        crash("jumps away", "longjmp(gone, 1)", "SIG", before: "static jmp_buf gone;"),
        crash(
            "ignores faults, and faults",
            "signal(SIGSEGV, SIG_IGN); signal(SIGABRT, SIG_IGN); \(badAccess)",
            "SIGSEGV"
        ),
        crash("takes the note's signal handler away", "signal(SIGSEGV, SIG_DFL); \(badAccess)", "SIGSEGV"),
        Animal(name: "crashes in its constructor", constructor: badAccess + ";", outcome: .missing("SIGSEGV")),
        Animal(name: "exits in its constructor", constructor: "exit(0);", outcome: .missing("exit code 0")),
        Animal(name: "crashes as it registers", registration: "abort();", outcome: .missing("SIGABRT")),
        Animal(name: "exits as it registers", registration: "_exit(9);", outcome: .missing("exit code 9")),
        Animal(
            name: "throws a C++ exception",
            body: "if (call) throw 1; return TOOL_DONE;",
            language: "c++",
            outcome: .answer("plugin_failed", "SIGABRT")
        ),
    ]

    /// They do not come to an end.
    static let endless: [Animal] = [
        Animal(name: "loops", body: "for (;;) { }", outcome: .answer("timed_out", "")),
        Animal(
            name: "is blocked",
            body: "for (;;) pause(); return TOOL_DONE;",
            outcome: .answer("timed_out", "")
        ),
        Animal(
            name: "handles its own faults for ever",
            before: "static void again(int signal) { (void)signal; for (;;) { } }",
            body: "signal(SIGSEGV, again); \(badAccess); return TOOL_DONE;",
            outcome: .answer("timed_out", "")
        ),
        Animal(
            name: "answers and goes on",
            body: "tool_reply(call, tool_text(\"reached\")); for (;;) { }",
            outcome: .answer("ok", "reached")
        ),
        Animal(name: "never completes", body: "return TOOL_PENDING;", outcome: .answer("timed_out", "")),
        Animal(
            name: "blocks every signal and loops",
            body: "sigset_t all; sigfillset(&all); pthread_sigmask(SIG_SETMASK, &all, NULL); for (;;) { }",
            outcome: .answer("timed_out", "")
        ),
        Animal(
            name: "loops in its constructor",
            constructor: "for (;;) { }",
            outcome: .missing("did not load and register within")
        ),
        Animal(
            name: "is blocked as it registers",
            registration: "for (;;) pause();",
            outcome: .missing("did not load and register within")
        ),
        Animal(
            name: "hangs when its process ends",
            before: "static void hang(void) { for (;;) pause(); }",
            constructor: "atexit(hang);",
            outcome: .answer("ok", "reached")
        ),
    ]
}

// MARK: - How they break the contract

extension Animal {
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

    /// Each breaks one rule.
    static let unruly: [Animal] = [
        Animal(
            name: "completes twice",
            body: "tool_reply(call, tool_text(\"once\")); return tool_finish(call, TOOL_ERROR);",
            outcome: .answer("ok", "once")
        ),
        Animal(
            name: "completes late",
            before: later,
            body: "start(call, 3000000); return TOOL_PENDING;",
            outcome: .answer("timed_out", "")
        ),
        Animal(
            name: "completes on another thread",
            before: later,
            body: "tool_print(call, \"from afar\"); start(call, 1000); return TOOL_PENDING;",
            outcome: .answer("ok", "from afar")
        ),
        Animal(
            name: "is done without completion",
            body: "return TOOL_DONE;",
            outcome: .answer("plugin_failed", "")
        ),
        Animal(
            name: "returns a code that does not exist",
            body: "return -77;",
            outcome: .answer("plugin_failed", "")
        ),
        Animal(
            name: "gives 1 GiB",
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
            // It is told at each part beyond the limit that this was not taken.
            outcome: .answer("ok", "xxxx")
        ),
        Animal(
            name: "gives a part that is longer than memory",
            body:
                "tool_text_v1 text = {\"x\", SIZE_MAX / 2}; tool_write_text(call, text); return tool_finish(call, TOOL_OK);",
            // It is told that this is no part, and goes on.
            outcome: .answer("ok", "")
        ),
        Animal(
            name: "gives invalid UTF-8",
            body: #"tool_text_v1 text = {"\377\300", 2}; return tool_reply(call, text);"#,
            outcome: .answer("ok", "\u{FFFD}")
        ),
        Animal(
            name: "reports progress without end",
            body: "for (;;) tool_progress(call, 0.5, \"half\");",
            outcome: .answer("timed_out", "")
        ),
        Animal(
            name: "logs without end",
            body: "for (;;) call->host->log(call->host, TOOL_LOG_ERROR, tool_text(\"again\"));",
            outcome: .answer("timed_out", "")
        ),
        Animal(
            name: "asks for names that it may not have resolved",
            body: """
                tool_text_v1 found;
                int denied = 0;
                for (int i = 0; i < 1000; i++)
                    denied += call->host->resolve(call->host, call->id, tool_text("localhost"), &found) == TOOL_RESULT_DENIED;
                tool_print(call, "denied: %d", denied);
                return tool_finish(call, TOOL_OK);
                """,
            outcome: .answer("ok", "denied: 1000")
        ),
    ]
}
