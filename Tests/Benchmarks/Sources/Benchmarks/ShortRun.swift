import Foundation

/// A program that runs briefly, with only a home directory in its environment.
struct ShortRun {
    let starter: URL
    let words: [String]
    let home: String

    /// The cost of a run.
    struct Usage {
        let wall: Duration
        let processor: Duration
        let bytes: Int
    }

    /// A small program that starts another one and prints its costs.
    ///
    /// The peak memory of a child is at least that of its parent, so a large parent would falsify it.
    static let starter = #"""
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <spawn.h>
        #include <stdio.h>
        #include <sys/resource.h>
        #include <sys/wait.h>
        #include <time.h>

        extern char **environ;

        static long microseconds(struct timeval time) { return time.tv_sec * 1000000 + time.tv_usec; }

        int main(int count, char **words) {
            posix_spawn_file_actions_t actions;
            posix_spawn_file_actions_init(&actions);
            for (int stream = 1; stream <= 2; stream++) {
                posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
            }
            struct timespec start, end;
            struct rusage usage;
            int status;
            pid_t process;
            clock_gettime(CLOCK_MONOTONIC, &start);
            if (count < 2 || posix_spawn(&process, words[1], &actions, NULL, words + 1, environ) != 0) return 1;
            if (wait4(process, &status, 0, &usage) != process || status != 0) return 1;
            clock_gettime(CLOCK_MONOTONIC, &end);
            printf("%ld %ld %ld\n", (end.tv_sec - start.tv_sec) * 1000000 + (end.tv_nsec - start.tv_nsec) / 1000,
                microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss);
            return 0;
        }
        """#

    /// Runs the program until its caches are complete.
    ///
    /// The hash of a file is cached two seconds after the last change of the file.
    func warmUp() throws {
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        _ = try measure()
        Thread.sleep(forTimeInterval: 2.5)
        for _ in 0..<3 { _ = try measure() }
    }

    func measure() throws -> Usage {
        let process = Process()
        process.executableURL = starter
        process.arguments = words
        process.environment = ["HOME": home]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let numbers = text.split { $0.isWhitespace }.compactMap { Int($0) }
        guard process.terminationStatus == 0, numbers.count == 3 else {
            throw BenchmarkError("\(words.joined(separator: " ")) failed.")
        }
        return Usage(wall: .microseconds(numbers[0]), processor: .microseconds(numbers[1]), bytes: numbers[2] << 10)
    }
}
