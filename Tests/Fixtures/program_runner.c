// Starts a program with arguments and environment variables, and returns its exit status and output.
#include "tool_plugin.h"
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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

static int32_t run(const tool_call_v1 *call) {
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
}
