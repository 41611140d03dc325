import Foundation

/// A program between a host and its worker, which passes on their messages and measures the worker.
///
/// It does not know the format of the messages, so it works with every version of the protocol.
struct WorkerObserver {
    /// The measurements of one worker.
    struct Measurement {
        /// The time from the first message of the host, which sets up the sandbox, to the reply of the worker.
        let firstReply: Duration
        /// The resident memory of the worker before that message, in bytes.
        let resident: Int
        /// The part of the resident memory that no other process shares, in bytes.
        let own: Int
    }

    /// The path of the program, which a host starts in place of the worker program.
    let program: String
    private let report: URL

    init(_ workshop: PluginWorkshop, worker: String) throws {
        report = workshop.directory.appending(path: "observer.report")
        program = try workshop.program(
            "observer",
            Self.source,
            flags: ["-DWORKER=\"\(worker)\"", "-DREPORT=\"\(report.path)\""]
        ).path
    }

    /// Returns the measurements of the worker that some work starts.
    func observe(_ work: () async throws -> Void) async throws -> Measurement {
        try Data().write(to: report)
        try await work()
        let text = try String(contentsOf: report, encoding: .utf8)
        let numbers = text.split { $0.isWhitespace }.compactMap { Int($0) }
        guard numbers.count == 3 else { throw BenchmarkError("One worker was expected: \(text)") }
        return Measurement(firstReply: .nanoseconds(numbers[0]), resident: numbers[1] << 10, own: numbers[2] << 10)
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include <poll.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <time.h>
        #include <unistd.h>
        enum { host = 3, notes = 4 };
        static char bytes[1 << 20];

        static double now(void) {
            struct timespec time;
            clock_gettime(CLOCK_MONOTONIC, &time);
            return time.tv_sec * 1e9 + time.tv_nsec;
        }
        /* Passes on the bytes that have arrived; exits with the first of the two processes. */
        static void pass(int from, int to) {
            ssize_t count = read(from, bytes, sizeof bytes);
            if (count <= 0) exit(0);
            for (ssize_t sent = 0, written; sent < count; sent += written)
                if ((written = write(to, bytes + sent, (size_t)(count - sent))) <= 0) exit(0);
        }
        static long value(pid_t process, const char *file, const char *name) {
            char path[64], line[256];
            long value = -1;
            snprintf(path, sizeof path, "/proc/%d/%s", process, file);
            FILE *lines = fopen(path, "r");
            while (lines && fgets(line, sizeof line, lines))
                if (!strncmp(line, name, strlen(name))) value = strtol(line + strlen(name), NULL, 10);
            if (lines) fclose(lines);
            return value;
        }
        int main(void) {
            int ends[2];
            char parent[20];
            snprintf(parent, sizeof parent, "%d", getpid());
            if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return 1;
            pid_t child = fork();
            if (child == 0) {
                setpgid(0, 0);
                dup2(ends[1], host);
                execl(WORKER, WORKER, parent, (char *)NULL);
                _exit(1);
            }
            close(ends[1]);
            close(notes);
            struct pollfd sources[] = {{.fd = ends[0], .events = POLLIN}, {.fd = host, .events = POLLIN}};
            pass(ends[0], host);
            poll(sources + 1, 1, -1);
            long resident = value(child, "status", "VmRSS:"), own = value(child, "smaps_rollup", "Private_Dirty:");
            double start = now();
            pass(host, ends[0]);
            poll(sources, 1, -1);
            double end = now();
            FILE *report = fopen(REPORT, "a");
            if (!report) return 1;
            fprintf(report, "%.0f %ld %ld\n", end - start, resident, own);
            fclose(report);
            for (;;) {
                poll(sources, 2, -1);
                if (sources[0].revents) pass(ends[0], host);
                if (sources[1].revents) pass(host, ends[0]);
            }
        }
        """#
}
