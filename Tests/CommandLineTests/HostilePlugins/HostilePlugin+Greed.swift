import TestSupport

// MARK: - Resources

extension HostilePlugin {
    /// Statements that start threads that wait, and that share one stack.
    static func bareThreads(_ condition: String) -> String {
        #"""
        static char ground[4096];
        long started = 0;
        while (\#(condition)) {
            long number = 56, flags = 0x10000 | 0x100 | 0x200 | 0x400 | 0x800 | 0x40000;
            register long child __asm__("r10") = 0, local __asm__("r8") = 0;
            __asm__ volatile("syscall; test %%rax, %%rax; jnz 1f; 2: mov $34, %%eax; syscall; jmp 2b; 1:"
                             : "+a"(number) : "D"(flags), "S"(ground + sizeof ground), "d"(0L), "r"(child), "r"(local)
                             : "rcx", "r11", "memory");
            if (number > 0) started++; else usleep(1000);
        }
        for (;;) pause();
        """#
    }

    /// Plugins that use as much of a resource as they can.
    static let greedy: [HostilePlugin] = [
        HostilePlugin(
            name: "allocates all memory",
            body: """
                long taken = 0;
                void *piece;
                while (taken < 4096 && (piece = malloc(16 << 20))) { memset(piece, 1, 16 << 20); taken += 16; }
                return taken < 1100 ? tool_reply(call, tool_text("stopped")) : report(call, taken);
                """,
            timeout: 20,
            outcome: .result("ok", "stopped")
        ),
        HostilePlugin(
            name: "opens all descriptors",
            body: """
                long taken = 0;
                while (taken < 1000000 && dup(0) >= 0) taken++;
                if (taken < 5000) tool_print(call, "stopped"); else tool_print(call, "%ld", taken);
                return tool_finish(call, TOOL_OK);
                """,
            outcome: .result("ok", "stopped")
        ),
        HostilePlugin(
            name: "starts threads endlessly",
            declarations: "static void *wait_here(void *argument) { for (;;) pause(); return argument; }",
            body: """
                pthread_t thread;
                int started = 0;
                while (started < 100000 && pthread_create(&thread, NULL, wait_here, NULL) == 0) started++;
                if (started < 20000) tool_print(call, "stopped"); else tool_print(call, "%d", started);
                return tool_finish(call, TOOL_OK);
                """,
            outcome: .result("ok", "stopped")
        ),
        HostilePlugin(
            name: "starts threads that share a stack",
            body: HostilePlugin.bareThreads("started < 4000"),
            timeout: 20,
            outcome: .result("plugin_failed", "more than 1024 threads")
        ),
        HostilePlugin(
            name: "maps more memory than the limit",
            body: """
                void *area = mmap(NULL, 1UL << 40, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
                return report(call, area == MAP_FAILED ? -1 : 0);
                """,
            outcome: .result("ok", "Cannot allocate memory")
        ),
        HostilePlugin(
            name: "forks endlessly",
            body: "pid_t child; while ((child = fork()) >= 0) { } return report(call, child);",
            outcome: .result("ok", "Operation not permitted")
        ),
        HostilePlugin(
            name: "hides its memory from the limit",
            body: """
                for (int i = 0; i < 128; i++) {
                    char *piece = mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                    if (piece == MAP_FAILED) break;
                    memset(piece, 1, 32 << 20);
                    mprotect(piece, 32 << 20, PROT_NONE);
                }
                for (;;) pause();
                """,
            timeout: 20,
            outcome: .result("plugin_failed", "more than 1 GiB of memory")
        ),
        HostilePlugin(
            name: "closes all descriptors",
            body:
                "for (int file = 0; file < 1024; file++) close(file); return tool_reply(call, tool_text(\"reached\"));",
            // The worker waits for messages on a descriptor that is open until the read returns.
            outcome: .oneOf(["plugin_failed", "timed_out"])
        ),
        HostilePlugin(
            name: "fills a pipe",
            body: """
                int ends[2];
                char page[4096] = {0};
                if (pipe2(ends, O_NONBLOCK) < 0) return report(call, -1);
                while (write(ends[1], page, sizeof page) > 0) { }
                return tool_reply(call, tool_text("reached"));
                """,
            outcome: .result("ok", "reached")
        ),
        HostilePlugin(
            name: "floods its standard output and error",
            body: """
                for (int i = 0; i < 200000; i++) { printf("[]{}%d\\n", i); fputs("scribble\\033[2J", stderr); }
                fflush(stdout);
                return tool_reply(call, tool_text("reached"));
                """,
            outcome: .result("ok", "reached")
        ),
        HostilePlugin(
            name: "changes the state of its process",
            body: """
                char directory[64] = "";
                if (chdir("/usr") < 0 || !getcwd(directory, sizeof directory)) return report(call, -1);
                const char *locale = setlocale(LC_ALL, "C.UTF-8");
                umask(0123);
                setenv("PATH", "/nowhere", 1);
                unsetenv("HOME");
                prctl(PR_SET_NAME, "harmless");
                prctl(PR_SET_PDEATHSIG, 0);
                tool_print(call, "%s %o %s %s", directory, umask(0), getenv("PATH"), locale ? locale : "none");
                return tool_finish(call, TOOL_OK);
                """,
            // The sandbox keeps the mask at 0.
            outcome: .result("ok", "/usr 0 /nowhere")
        ),
        HostilePlugin(
            name: "leaves its session and the signal at the death of its parent, and loops",
            body: "prctl(PR_SET_PDEATHSIG, 0); setsid(); for (;;) { }",
            outcome: .result("timed_out", "")
        ),
    ]

    /// Plugins that access files and processes without permission.
    ///
    /// - Parameter home: The home directory of the user.
    static func prying(home: String) -> [HostilePlugin] {
        let home = FixtureSource.literal(home)
        let denied = Outcome.result("ok", "Operation not permitted")
        let unreadable = Outcome.result("ok", "Permission denied")
        func attempt(_ name: String, _ call: String, _ outcome: Outcome) -> HostilePlugin {
            HostilePlugin(name: name, body: "errno = 0; return report(call, (long)(\(call)));", outcome: outcome)
        }
        return [
            attempt("reads the password file", #"open("/etc/shadow", O_RDONLY)"#, unreadable),
            attempt("reads the user's keys", #"open(\#(home) "/.ssh/id", O_RDONLY)"#, unreadable),
            attempt("lists the user's files", #"open(\#(home), O_RDONLY | O_DIRECTORY)"#, unreadable),
            attempt(
                "writes into the home directory",
                #"open(\#(home) "/left-by-plugin", O_WRONLY | O_CREAT, 0600)"#,
                unreadable
            ),
            attempt(
                "writes into the temporary directory",
                #"open("/tmp/left-by-plugin", O_WRONLY | O_CREAT, 0600)"#,
                unreadable
            ),
            attempt("creates a directory", #"mkdir("/tmp/left-by-plugin", 0700)"#, unreadable),
            attempt("removes the user's file", #"unlink(\#(home) "/.ssh/id")"#, unreadable),
            attempt("changes a mode", #"chmod(\#(home) "/.ssh/id", 0777)"#, denied),
            attempt("opens an INET socket", "socket(AF_INET, SOCK_STREAM, 0)", denied),
            attempt("opens a datagram socket", "socket(AF_INET6, SOCK_DGRAM, 0)", denied),
            attempt("opens a unix socket", "socket(AF_UNIX, SOCK_STREAM, 0)", denied),
            attempt("opens a netlink socket", "socket(AF_NETLINK, SOCK_RAW, 0)", denied),
            attempt("runs a shell", #"execl("/bin/sh", "sh", "-c", "echo gone", (char *)0)"#, denied),
            attempt("traces its host", "ptrace(PTRACE_ATTACH, getppid(), 0, 0)", denied),
            attempt(
                "reads its host's memory",
                "process_vm_readv(getppid(), &(struct iovec){0}, 1, &(struct iovec){0}, 1, 0)",
                denied
            ),
            attempt("signals its host", "kill(getppid(), SIGKILL)", denied),
            attempt("signals all processes", "kill(-1, SIGTERM)", denied),
            attempt("changes the priority of its host", "setpriority(PRIO_PROCESS, getppid(), 19)", denied),
            attempt(
                "lowers the limits of its host",
                "prlimit(getppid(), RLIMIT_NOFILE, &(struct rlimit){0, 0}, (struct rlimit *)0)",
                denied
            ),
            attempt(
                "raises its own limits",
                "setrlimit(RLIMIT_AS, &(struct rlimit){RLIM_INFINITY, RLIM_INFINITY})",
                denied
            ),
            attempt("opens its host for its descriptors", "syscall(SYS_pidfd_open, getppid(), 0)", denied),
            attempt("sets up io_uring", "syscall(SYS_io_uring_setup, 8, &(char[256]){0})", denied),
            attempt("creates shared memory", "shmget(IPC_PRIVATE, 4096, 0600 | IPC_CREAT)", denied),
            attempt("creates a user namespace", "syscall(SYS_unshare, 0x10000000)", denied),
            attempt("loads a BPF program", "syscall(SYS_bpf, 0, &(char[64]){0}, 64)", denied),
            attempt("reads the kernel's keys", "syscall(SYS_keyctl, 0, -3, 0)", denied),
        ]
    }
}
