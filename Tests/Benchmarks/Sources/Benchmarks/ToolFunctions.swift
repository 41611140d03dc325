import Foundation

/// A tool that is a Swift function, beside the same tool in C: both read the argument, run, and write the result.
///
/// A minimal host in C calls both.
enum ToolFunctions {
    static func measure(_ workshop: PluginWorkshop, command: String, into table: inout Table) throws {
        announce("A tool in Swift beside the same in C …")
        let weather = URL(filePath: command).deletingLastPathComponent()
            .appending(path: "../lib/toolhost/plugins/libWeather.so").standardized
        let peer = try workshop.plugin(of: "temperature.c")
        let host = try workshop.program("directcalls", host, flags: ["-rdynamic", "-ldl"])
        let process = Process()
        process.executableURL = host
        process.arguments = [weather.path, peer.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard process.terminationStatus == 0, numbers.count == 4 else {
            throw BenchmarkError("The minimal host failed: \(text)")
        }
        table.add(
            "get_temperature as a Swift function",
            .nanoseconds(numbers[0]),
            beside: .nanoseconds(numbers[2]),
            "in C"
        )
        table.add("allocations of one call", count: numbers[1], beside: numbers[3], "in C")
        for (name, file) in [("size of the Weather plugin", weather), ("size of the plugin in C", peer)] {
            let size = try FileManager.default.attributesOfItem(atPath: file.path)[.size] as? Int ?? 0
            table.add(name, bytes: size)
        }
    }

    private static let host = #"""
        #define _GNU_SOURCE
        #include "tool_plugin.h"
        #include <dlfcn.h>
        #include <stdio.h>
        #include <time.h>
        static unsigned long allocations;
        void *__libc_malloc(size_t size);
        void *__libc_calloc(size_t count, size_t size);
        void *__libc_realloc(void *old, size_t size);
        void *malloc(size_t size) { allocations++; return __libc_malloc(size); }
        void *calloc(size_t count, size_t size) { allocations++; return __libc_calloc(count, size); }
        void *realloc(void *old, size_t size) { allocations++; return __libc_realloc(old, size); }

        static int ended;
        static const tool_call_v1 *current;
        static char result[64];
        static int32_t on_write(const tool_host_v1 *h, uint64_t call, tool_text_v1 type, tool_text_v1 bytes) {
            (void)h; (void)call; (void)type;
            if (bytes.length < sizeof result) { memcpy(result, bytes.bytes, bytes.length); result[bytes.length] = 0; }
            return TOOL_RESULT_OK;
        }
        static int32_t on_complete(const tool_host_v1 *h, uint64_t call, int32_t status) {
            (void)h; (void)call;
            ended = status == TOOL_OK ? 1 : -1;
            return TOOL_RESULT_OK;
        }
        static int32_t on_log(const tool_host_v1 *h, int32_t level, tool_text_v1 text) {
            (void)h; (void)level; (void)text;
            return TOOL_RESULT_OK;
        }
        static int32_t on_text(const tool_host_v1 *h, uint64_t call, tool_text_v1 pointer, tool_text_v1 *value) {
            (void)h; (void)call;
            /* Reads the string after the key; sufficient for the arguments of this benchmark. */
            const char *text = current->arguments.bytes, *end = text + current->arguments.length;
            const char *key = memmem(text, end - text, pointer.bytes + 1, pointer.length - 1);
            const char *first = key ? memchr(key + pointer.length, '"', end - key - pointer.length) : NULL;
            const char *last = first ? memchr(first + 1, '"', end - first - 1) : NULL;
            if (!last) return TOOL_RESULT_MISSING;
            *value = (tool_text_v1){first + 1, (uint64_t)(last - first - 1)};
            return TOOL_RESULT_OK;
        }
        static tool_host_v1 host = {.struct_size = sizeof(tool_host_v1), .write = on_write, .complete = on_complete,
            .log = on_log, .get_text = on_text};
        static const tool_v1 *load(const char *path) {
            void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
            if (!library) { fprintf(stderr, "%s\n", dlerror()); exit(1); }
            tool_plugin_register_fn_v1 enter = (tool_plugin_register_fn_v1)dlsym(library, TOOL_PLUGIN_ENTRY);
            const tool_plugin_v1 *plugin = enter(&host);
            for (uint64_t i = 0; i < plugin->tool_count; i++)
                if (memmem(plugin->tools[i]->schema.bytes, plugin->tools[i]->schema.length, "get_temperature", 15))
                    return plugin->tools[i];
            exit(2);
        }
        static double now(void) {
            struct timespec time;
            clock_gettime(CLOCK_MONOTONIC, &time);
            return time.tv_sec * 1e9 + time.tv_nsec;
        }
        static void run(const tool_v1 *tool, int count) {
            static uint64_t id;
            static const uint32_t cancelled;
            for (int i = 0; i < count; i++) {
                tool_call_v1 call = {.struct_size = sizeof call, .id = ++id, .cancelled = &cancelled, .host = &host,
                    .arguments = TOOL_TEXT("{\"city\":\"London\"}")};
                ended = 0;
                current = &call;
                if (tool->execute(tool->context, &call) != TOOL_DONE || ended != 1 || strcmp(result, "15C")) exit(3);
            }
        }
        static int ascending(const void *a, const void *b) {
            double difference = *(const double *)a - *(const double *)b;
            return (difference > 0) - (difference < 0);
        }
        int main(int count, char **words) {
            enum { rounds = 501, calls = 200 };
            static double times[2][rounds];
            const tool_v1 *tools[2];
            if (count != 3) return 64;
            for (int i = 0; i < 2; i++) run(tools[i] = load(words[i + 1]), 1000);
            for (int round = 0; round < rounds; round++)
                for (int i = 0; i < 2; i++) {
                    double start = now();
                    run(tools[i], calls);
                    times[i][round] = (now() - start) / calls;
                }
            for (int i = 0; i < 2; i++) {
                qsort(times[i], rounds, sizeof(double), ascending);
                unsigned long before = allocations;
                run(tools[i], calls);
                printf("%.0f %lu\n", times[i][rounds / 2], (allocations - before) / calls);
            }
            return 0;
        }
        """#
}
