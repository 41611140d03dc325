import Foundation
import TestSupport
import Testing
import ToolJSON

/// The bounds of a worker and the programs that it starts, together.
@Suite("The processes of a plugin", .timeLimit(.minutes(10)))
struct GroupTests {
    /// `hog(how)` takes what there is, in one way or another, or starts a program of the same text that does.
    private static let hog = #"""
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <pthread.h>
        #include <signal.h>
        #include <spawn.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/wait.h>
        #include <unistd.h>
        enum { piece = 32 << 20 };
        static long take(long mebibytes, int protection) {
            long taken = 0;
            for (; taken < mebibytes; taken += piece >> 20) {
                char *memory = mmap(NULL, piece, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                if (memory == MAP_FAILED) break;
                memset(memory, 1, piece);
                if (mprotect(memory, piece, protection) != 0) break;
            }
            return taken;
        }
        static void end_thread(int signal) { syscall(SYS_exit, 0); }
        static void *take_later(void *context) {
            usleep(100000);
            take(4096, PROT_READ);
            for (;;) pause();
        }
        static void fork_on(void) { for (;;) if (fork() < 0) usleep(100); }
        static int start(const char *program, const char *how, int count) {
            char *const words[] = {(char *)program, (char *)how, NULL}, *const none[] = {NULL};
            pid_t child;
            for (int i = 0; i < count; i++)
                if ((errno = posix_spawn(&child, program, NULL, NULL, words, none)) != 0) return -1;
            return 0;
        }
        /* What the program does that the plugin starts. */
        static int do_as_program(const char *how) {
            if (!strcmp(how, "bomb")) fork_on();
            if (!strcmp(how, "eat")) take(128, PROT_READ | PROT_WRITE);
            if (!strcmp(how, "open")) for (int i = 0; i < 200; i++) dup(1);
            if (strcmp(how, "true")) for (;;) pause();
            return 0;
        }
        static int do_as_plugin(const char *how, const char *program, const char *file) {
            if (!strcmp(how, "read-only")) { take(4096, PROT_READ); for (;;) pause(); }
            if (!strcmp(how, "unreadable")) { take(4096, PROT_NONE); for (;;) pause(); }
            if (!strcmp(how, "headless")) {
                signal(SIGUSR1, end_thread);
                pthread_t taker;
                pthread_create(&taker, NULL, take_later, NULL);
                syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1);
                for (;;) pause();
            }
            if (!strcmp(how, "stuffed")) {
                /* The pipe in which a crash is noted, with a reader that reads nothing. */
                char page[4096] = "";
                open("/proc/self/fd/4", O_RDONLY | O_NONBLOCK);
                int notes = open("/proc/self/fd/4", O_WRONLY | O_NONBLOCK);
                while (write(notes, page, sizeof page) > 0) { }
                while (write(notes, page, 1) > 0) { }
                /* One after another, so that the guard alone counts them. */
                for (int i = 0; i < 100; i++) if (fork() == 0) for (;;) pause();
            }
            if (!strcmp(how, "stack")) {
                char *page = (char *)((uintptr_t)environ & ~(uintptr_t)4095);
                return mremap(page, 4096, piece, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0;
            }
            if (!strcmp(how, "forks")) fork_on();
            if (!strcmp(how, "bomb") || !strcmp(how, "eat") || !strcmp(how, "open") || !strcmp(how, "wait")) {
                if (start(program, how, !strcmp(how, "bomb") ? 1 : 20) != 0) return -1;
                for (;;) pause();
            }
            if (!strcmp(how, "locks")) {
                int locked = open(file, O_WRONLY);
                for (long i = 0; i < 100000; i++) {
                    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2 * i, .l_len = 1};
                    if (i < 5000 && fcntl(locked, F_SETLK, &lock) != 0) return -1;
                    if (i >= 5000) usleep(10000);
                }
            }
            if (!strcmp(how, "shares")) {
                if (take(700, PROT_READ | PROT_WRITE) < 700) return -1;
                for (int i = 0; i < 8; i++) if (fork() == 0) for (;;) pause();
                usleep(300000);
                return 0;
            }
            if (!strcmp(how, "starts")) {
                if (take(700, PROT_READ | PROT_WRITE) < 700) return -1;
                for (int i = 0; i < 300; i++) {
                    if (start(program, "true", 1) != 0) return -1;
                    int status;
                    if (wait(&status) < 0 || status != 0) return -1;
                }
            }
            return 0;
        }
        """#

    private let fixture: AccessFixture
    private let program: String

    init() throws {
        fixture = try AccessFixture()
        let text = #","parameters":{"type":"object","properties":{"how":{"type":"string"}}},"toolhost":{"timeout":20}"#
        program = try fixture.directory.program(
            "program",
            Self.hog + "\nint main(int count, char **words) { return count > 1 ? do_as_program(words[1]) : 0; }\n"
        )
        let source = FixtureSource.tool(
            "hog",
            before: Self.hog,
            extra: text,
            body: """
                tool_text_v1 how;
                if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) how = tool_text("");
                int outcome = do_as_plugin(how.bytes, \(FixtureSource.literal(program)), \
                    \(FixtureSource.literal(fixture.data + "/file")));
                tool_print(call, "%s", outcome ? strerror(errno) : "done");
                return tool_finish(call, TOOL_OK);
                """
        )
        try fixture.directory.plugin("plugins/hog.so", source, flags: ["-w", "-D_GNU_SOURCE"])
        try fixture.directory.file("config.json", #"{"limits":{"processes":12}}"#.utf8)
    }

    /// Calls `hog`, and gives its answer and the time that it took.
    private func answer(_ how: String, _ more: [String], asNobody: Bool) throws -> (JSON, Duration) {
        let words = ["call", "hog", #"{"how":"\#(how)"}"#, "--json"] + more
        var command = try fixture.command(words, asNobody: asNobody)
        command.arguments += ["--allow", "hog:spawn=\(program)"].filter { _ in how != "stack" && how != "read-only" }
        if how == "locks" { command.arguments += ["--allow", "hog:write=\(fixture.data)"] }
        let start = ContinuousClock.now
        let run = try command.run()
        return (try #require(try? run.json, "\(run.output)\(run.errors)"), ContinuousClock.now - start)
    }

    private static let users = geteuid() == 0 ? [false, true] : [false]

    @Test(
        "are killed when they use more than they may",
        arguments: [
            ("read-only", "more than 1 GiB of memory"), ("unreadable", "more than 1 GiB of memory"),
            ("headless", "more than 1 GiB of memory"), ("stuffed", "brought its worker process down"),
            ("eat", "more than 1 GiB of memory"), ("forks", "more than 64 processes"),
            ("bomb", "more than 64 processes"), ("open", "more than 1024 open files"),
            ("locks", "more than 1000 locks on files"),
        ],
        users
    )
    func areKilled(how: (String, String), asNobody: Bool) throws {
        let (answer, time) = try answer(how.0, [], asNobody: asNobody)
        #expect(answer["status"] == "plugin_failed", "\(answer.text())")
        #expect(answer["text"]?.string?.contains(how.1) == true, "\(answer.text())")
        #expect(time < .seconds(15))
        // They are killed at once, and take a moment to be gone.
        while !Processes.all().filter({ $0.words.first == program }).isEmpty { usleep(1000) }
    }

    @Test("are as many as the configuration says")
    func areCounted() throws {
        let few = try answer("wait", ["--config", fixture.directory.path + "/config.json"], asNobody: false).0
        #expect(few["text"]?.string?.contains("more than 12 processes") == true, "\(few.text())")
        // Without that there is room for them, and the call ends at its deadline.
        #expect(try answer("wait", [], asNobody: false).0["status"] == "timed_out")
    }

    @Test("are started while another plugin has many descriptors on their way", arguments: users)
    func startDespiteDescriptors(asNobody: Bool) throws {
        let marker = fixture.data + "/file"
        try fixture.directory.plugin(
            "plugins/flight.so",
            FixtureSource.tool(
                "flight",
                before: "#include <sys/socket.h>\n#include <unistd.h>\n#include <fcntl.h>",
                extra: #","toolhost":{"timeout":20}"#,
                body: """
                    int ends[2], sent[253];
                    static char room[CMSG_SPACE(sizeof sent)];
                    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
                    for (int i = 0; i < 253; i++) sent[i] = ends[0];
                    for (int i = 0; i < 2; i++) {
                        struct iovec piece = {"x", 1};
                        struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = room,
                            .msg_controllen = sizeof room};
                        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
                        header->cmsg_level = SOL_SOCKET;
                        header->cmsg_type = SCM_RIGHTS;
                        header->cmsg_len = CMSG_LEN(sizeof sent);
                        memcpy(CMSG_DATA(header), sent, sizeof sent);
                        if (sendmsg(ends[1], &message, 0) < 0) return tool_fail(call, TOOL_ERROR, strerror(errno));
                    }
                    int file = open(\(FixtureSource.literal(marker)), O_WRONLY | O_TRUNC);
                    if (file < 0 || write(file, "flying", 6) != 6) return tool_fail(call, TOOL_ERROR, "no marker");
                    for (;;) pause();
                    """
            ),
            flags: ["-w", "-D_GNU_SOURCE", "-include", "errno.h"]
        )
        var flying = try fixture.command(["call", "flight"], asNobody: asNobody)
        flying.arguments += ["--allow", "flight:write=\(fixture.data)"]
        let running = try flying.start(in: fixture.directory) { actions in
            posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        func isFlying() throws -> Bool { try String(contentsOfFile: marker, encoding: .utf8) == "flying" }
        // The call ends at its deadline, and the command with it.
        while try !isFlying(), kill(running.process, 0) == 0 { usleep(1000) }
        try #require(try isFlying())
        let answer = try answer("starts", ["--sandbox", "required"], asNobody: asNobody).0
        #expect(answer["text"] == "done", "\(answer.text())")
        running.send(SIGKILL)
        _ = running.wait()
    }

    @Test("may share memory, which counts once", arguments: ["shares", "starts"], users)
    func share(how: String, asNobody: Bool) throws {
        let answer = try answer(how, [], asNobody: asNobody).0
        #expect(answer["text"] == "done", "\(answer.text())")
    }

    @Test("cannot use their stack for memory that is not counted", arguments: users)
    func cannotMoveTheirStack(asNobody: Bool) throws {
        #expect(try answer("stack", [], asNobody: asNobody).0["text"] == "Operation not permitted")
    }
}
