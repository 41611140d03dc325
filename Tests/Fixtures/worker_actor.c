// A tool that does what its argument "how" says, and otherwise returns the number of its process.
//
// ACTOR_NAME is the name of the tool and the plugin, ACTOR_FLAGS the tool's flags, ACTOR_EXTRA more members of the
// schema.
#include "tool_plugin.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#ifndef ACTOR_NAME
#define ACTOR_NAME "act"
#endif
#ifndef ACTOR_FLAGS
#define ACTOR_FLAGS TOOL_FLAG_CONCURRENT
#endif
#ifndef ACTOR_EXTRA
#define ACTOR_EXTRA ""
#endif

static volatile int *nowhere = (int *)16;

static void *spin(void *argument) {
    for (;;) { }
    return argument;
}

static int32_t deep(const tool_call_v1 *call, int n) {
    volatile char room[4096];
    room[0] = (char)n;
    return n < 0 ? 0 : deep(call, n + 1) + room[0];
}

static int32_t execute(void *context, const tool_call_v1 *call) {
    tool_text_v1 how, file;
    (void)context;
    if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) how = tool_text("");
    if (tool_get_text(call, "/file", &file) != TOOL_RESULT_OK) file = tool_text("");
    if (!strcmp(how.bytes, "segv")) *nowhere = 1;
    if (!strcmp(how.bytes, "abort")) abort();
    if (!strcmp(how.bytes, "fpe")) raise(SIGFPE);
    if (!strcmp(how.bytes, "deep")) return deep(call, 0);
    if (!strcmp(how.bytes, "exit")) exit(3);
    if (!strcmp(how.bytes, "_exit")) _exit(0);
    if (!strcmp(how.bytes, "kill")) kill(getpid(), SIGKILL);
    if (!strcmp(how.bytes, "loop")) for (;;) { }
    if (!strcmp(how.bytes, "shout")) {
        fputs("so long", stderr);
        abort();
    }
    if (!strcmp(how.bytes, "spin")) {
        pthread_t thread;
        pthread_create(&thread, NULL, spin, NULL);
    }
    if (!strcmp(how.bytes, "linger")) {
        tool_print(call, "%d", getpid());
        tool_finish(call, TOOL_OK);
        for (;;) pause();
    }
    if (!strcmp(how.bytes, "stop")) {
        while (!tool_is_cancelled(call)) usleep(1000);
        return tool_finish(call, TOOL_CANCELLED);
    }
    if (!strcmp(how.bytes, "read") && open(file.bytes, O_RDONLY) < 0) {
        return tool_fail(call, TOOL_ERROR, "cannot be read");
    }
    if (!strcmp(how.bytes, "wait")) {
        tool_progress(call, 0, "waits");
        while (access(file.bytes, F_OK)) usleep(1000);
    }
    if (!strcmp(how.bytes, "wait and crash")) {
        while (access(file.bytes, F_OK)) usleep(1000);
        *nowhere = 1;
    }
    tool_print(call, "%d", getpid());
    return tool_finish(call, TOOL_OK);
}

static const tool_v1 act = {.struct_size = sizeof(tool_v1), .flags = ACTOR_FLAGS,
    .schema = TOOL_TEXT("{\"name\":\"" ACTOR_NAME "\",\"description\":\"A fixture\"" ACTOR_EXTRA "}"), .execute = execute};
TOOL_PLUGIN("{\"name\":\"" ACTOR_NAME "\"}", &act)
