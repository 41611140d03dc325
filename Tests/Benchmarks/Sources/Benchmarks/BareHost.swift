import Foundation

/// The costs of a worker and of a tool without the host, measured by a minimal host in C.
struct BareHost {
    /// The time from the order to set up the sandbox to the worker's confirmation.
    let confinement: Duration
    /// The same time with the sandbox off.
    let noConfinement: Duration
    /// The resident memory of a worker before it loads a plugin, in bytes.
    let resident: Int
    /// The part of the resident memory that no other process shares, in bytes.
    let own: Int
    /// The time of one call of the tool's function on the caller's thread.
    let directCall: Duration

    init(_ workshop: PluginWorkshop, worker: String, plugin: String) throws {
        let host = try workshop.program("barehost", Self.source, flags: ["-rdynamic", "-ldl"])
        let process = Process()
        process.executableURL = host
        process.arguments = [worker, plugin]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard process.terminationStatus == 0, numbers.count == 5 else {
            throw BenchmarkError("The minimal host failed: \(text)")
        }
        confinement = .nanoseconds(numbers[0])
        noConfinement = .nanoseconds(numbers[1])
        (resident, own) = (numbers[2] << 10, numbers[3] << 10)
        directCall = .nanoseconds(numbers[4])
    }

    private static let source = #"""
        #define _GNU_SOURCE
        #include "tool_plugin.h"
        #include <dlfcn.h>
        #include <fcntl.h>
        #include <signal.h>
        #include <stdio.h>
        #include <sys/socket.h>
        #include <sys/wait.h>
        #include <time.h>
        #include <unistd.h>
        static double now(void) {
            struct timespec time;
            clock_gettime(CLOCK_MONOTONIC, &time);
            return time.tv_sec * 1e9 + time.tv_nsec;
        }
        static int ascending(const void *a, const void *b) {
            double difference = *(const double *)a - *(const double *)b;
            return (difference > 0) - (difference < 0);
        }
        static double median(double *values, size_t count) {
            qsort(values, count, sizeof *values, ascending);
            return values[count / 2];
        }

        /* Starts a worker with the descriptors that its protocol defines. */
        static pid_t start(const char *program, int *socket) {
            int ends[2], notes[2];
            if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) || pipe(notes)) exit(1);
            char parent[20];
            snprintf(parent, sizeof parent, "%d", getpid());
            pid_t child = fork();
            if (child == 0) {
                int socket = fcntl(ends[1], F_DUPFD, 100), note = fcntl(notes[1], F_DUPFD, 100);
                dup2(socket, 3);
                dup2(note, 4);
                close_range(5, ~0U, 0);
                execl(program, program, parent, (char *)NULL);
                _exit(1);
            }
            close(ends[1]); close(notes[0]); close(notes[1]);
            *socket = ends[0];
            return child;
        }
        static void take(int socket, void *bytes, size_t size) {
            for (size_t have = 0; have < size; ) {
                ssize_t count = read(socket, (char *)bytes + have, size - have);
                if (count <= 0) exit(2);
                have += (size_t)count;
            }
        }
        /* Reads the next message, which must be of a kind. */
        static void await(int socket, uint16_t wanted) {
            char header[16], payload[1 << 16];
            uint32_t length;
            uint16_t kind;
            take(socket, header, 16);
            memcpy(&length, header, 4); memcpy(&kind, header + 4, 2);
            if (kind != wanted || length > sizeof payload) exit(3);
            take(socket, payload, length);
        }
        static char order[4096];
        static size_t size;
        static void number(uint64_t value, size_t count) { memcpy(order + size, &value, count); size += count; }
        static void text(const char *value) {
            number(strlen(value), 4);
            memcpy(order + size, value, strlen(value));
            size += strlen(value);
        }
        static long status(pid_t process, const char *file, const char *name) {
            char path[64], line[256];
            long value = -1;
            snprintf(path, sizeof path, "/proc/%d/%s", process, file);
            FILE *lines = fopen(path, "r");
            while (lines && fgets(line, sizeof line, lines))
                if (!strncmp(line, name, strlen(name))) value = strtol(line + strlen(name), NULL, 10);
            if (lines) fclose(lines);
            return value;
        }
        static double confine(const char *program, const char *plugin, const char *mode, long *resident, long *own) {
            int socket;
            char confinement[200];
            pid_t child = start(program, &socket);
            await(socket, 101);
            if (resident) {
                *resident = status(child, "status", "VmRSS:");
                *own = status(child, "smaps_rollup", "Private_Dirty:");
            }
            snprintf(confinement, sizeof confinement, "{\"mode\":\"%s\",\"grants\":{},\"libraries\":[]}", mode);
            size = 16;
            text(plugin);
            number(0, 4); number(1 << 20, 8); number(1 << 20, 8);
            text(confinement);
            uint32_t length = (uint32_t)size - 16;
            memset(order, 0, 16);
            memcpy(order, &length, 4);
            order[4] = 1;
            double begin = now();
            if (write(socket, order, size) != (ssize_t)size) exit(4);
            await(socket, 102);
            double end = now();
            kill(child, SIGKILL);
            waitpid(child, NULL, 0);
            close(socket);
            return end - begin;
        }

        static int ended;
        static int32_t on_write(const tool_host_v1 *h, uint64_t call, tool_text_v1 type, tool_text_v1 bytes) {
            (void)h; (void)call; (void)type; (void)bytes;
            return TOOL_RESULT_OK;
        }
        static int32_t on_complete(const tool_host_v1 *h, uint64_t call, int32_t status) {
            (void)h; (void)call;
            ended = status == TOOL_OK;
            return TOOL_RESULT_OK;
        }
        static tool_host_v1 host = {.struct_size = sizeof(tool_host_v1), .write = on_write, .complete = on_complete};

        int main(int count, char **words) {
            enum { rounds = 41, calls = 100000 };
            static double confined[rounds], free_[rounds];
            long resident = 0, own = 0;
            if (count != 3) return 64;
            for (int i = 0; i < rounds; i++) {
                confined[i] = confine(words[1], words[2], "best-effort", &resident, &own);
                free_[i] = confine(words[1], words[2], "off", NULL, NULL);
            }
            void *library = dlopen(words[2], RTLD_NOW | RTLD_LOCAL);
            if (!library) return 5;
            const tool_plugin_v1 *plugin = ((tool_plugin_register_fn_v1)dlsym(library, TOOL_PLUGIN_ENTRY))(&host);
            static const uint32_t cancelled;
            double begin = now();
            for (uint64_t i = 0; i < calls; i++) {
                tool_call_v1 call = {.struct_size = sizeof call, .id = i, .cancelled = &cancelled, .host = &host,
                    .arguments = TOOL_TEXT("{\"city\":\"London\"}")};
                ended = 0;
                if (plugin->tools[0]->execute(plugin->tools[0]->context, &call) != TOOL_DONE || !ended) return 6;
            }
            double direct = (now() - begin) / calls;
            printf("%.0f %.0f %ld %ld %.0f\n", median(confined, rounds), median(free_, rounds), resident, own, direct);
            return 0;
        }
        """#
}
