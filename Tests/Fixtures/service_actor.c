// Two tools, one of which is concurrent, that do what their argument "how" says, and otherwise return at once.
#include "tool_plugin.h"
#include <pthread.h>
#include <unistd.h>

static void *finish_later(void *argument) {
    tool_call_v1 *call = argument;
    usleep(1000);
    tool_reply(call, tool_text("later"));
    free(call);
    return NULL;
}

static int32_t execute(void *context, const tool_call_v1 *call) {
    tool_text_v1 how;
    (void)context;
    if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) return tool_finish(call, TOOL_INVALID_ARGUMENTS);
    if (!strcmp(how.bytes, "wait")) {
        while (!tool_is_cancelled(call)) usleep(200);
        return tool_finish(call, TOOL_CANCELLED);
    }
    if (!strcmp(how.bytes, "write and wait")) {
        tool_write_text(call, tool_text("first"));
        while (!tool_is_cancelled(call)) usleep(200);
        return tool_finish(call, TOOL_CANCELLED);
    }
    if (!strcmp(how.bytes, "finish and wait")) {
        tool_finish(call, TOOL_OK);
        usleep(50000);
        return TOOL_DONE;
    }
    if (!strcmp(how.bytes, "sleep")) usleep(3000);
    if (!strcmp(how.bytes, "pending")) {
        // The call must not be used after its completion, and only its host and number are needed.
        pthread_t thread;
        tool_call_v1 *copy = malloc(sizeof *copy);
        if (!copy) return tool_finish(call, TOOL_INTERNAL);
        *copy = *call;
        if (pthread_create(&thread, NULL, finish_later, copy) != 0) abort();
        pthread_detach(thread);
        return TOOL_PENDING;
    }
    return tool_reply(call, tool_text("done"));
}

static const tool_v1 concurrent = {
    .struct_size = sizeof(tool_v1),
    .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"concurrent\",\"description\":\"Acts\",\"parameters\":{\"type\":\"object\"}}"),
    .execute = execute,
};

static const tool_v1 serial = {
    .struct_size = sizeof(tool_v1),
    .schema = TOOL_TEXT("{\"name\":\"serial\",\"description\":\"Acts\",\"parameters\":{\"type\":\"object\"}}"),
    .execute = execute,
};

TOOL_PLUGIN("{\"name\":\"actor\",\"version\":\"1.0.0\"}", &concurrent, &serial)
