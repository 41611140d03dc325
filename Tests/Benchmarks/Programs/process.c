/*
 * Starts a process for each call, which reads the arguments as JSON from its standard input and writes the result.
 *
 * Reads lines `NAME COUNT`, and writes the nanoseconds of so many calls. With an argument, it is the tool.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static const char arguments[] = "{\"city\":\"London\"}";

static int tool(void) {
    char text[256];
    ssize_t count = read(0, text, sizeof text - 1);
    text[count > 0 ? count : 0] = 0;
    const char *result = strstr(text, "\"London\"") ? "15C" : "Unknown";
    return write(1, result, strlen(result)) > 0 ? 0 : 1;
}

static int call(char *program) {
    int in[2], out[2], status;
    char result[16] = "", *words[] = {program, "tool", NULL};
    pid_t child;
    posix_spawn_file_actions_t actions;
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) return 1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], 0);
    posix_spawn_file_actions_adddup2(&actions, out[1], 1);
    int failed = posix_spawn(&child, program, &actions, NULL, words, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    if (!failed) failed = write(in[1], arguments, sizeof arguments - 1) < 0;
    close(in[1]);
    if (!failed) failed = read(out[0], result, sizeof result - 1) != 3 || strcmp(result, "15C");
    close(out[0]);
    return failed || waitpid(child, &status, 0) != child || status;
}

int main(int count, char **words) {
    char name[64];
    long calls;
    if (count > 1) return tool();
    puts("ready");
    fflush(stdout);
    while (scanf("%63s %ld", name, &calls) == 2) {
        struct timespec start, end;
        clock_gettime(CLOCK_MONOTONIC, &start);
        for (long i = 0; i < calls; i++)
            if (call(words[0])) return 1;
        clock_gettime(CLOCK_MONOTONIC, &end);
        printf("%ld\n", (end.tv_sec - start.tv_sec) * 1000000000 + (end.tv_nsec - start.tv_nsec));
        fflush(stdout);
    }
    return 0;
}
