// Returns once two calls run at the same time, or fails after 20 seconds.
#include "tool_plugin.h"
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrival = PTHREAD_COND_INITIALIZER;
static int arrived;

static int32_t meet(const tool_call_v1 *call) {
    tool_text_v1 name;
    struct timespec limit;
    int failure = 0;
    if (tool_get_text(call, "/name", &name) != TOOL_RESULT_OK)
        return tool_fail(call, TOOL_INVALID_ARGUMENTS, "name: expected a text");
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 20;
    pthread_mutex_lock(&mutex);
    arrived++;
    pthread_cond_broadcast(&arrival);
    while (arrived < 2 && !failure) failure = pthread_cond_timedwait(&arrival, &mutex, &limit);
    pthread_mutex_unlock(&mutex);
    if (failure) return tool_fail(call, TOOL_ERROR, "nobody came");
    tool_print(call, "%s was met", name.bytes);
    return tool_finish(call, TOOL_OK);
}
