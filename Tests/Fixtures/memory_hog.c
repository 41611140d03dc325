// Takes two gibibytes that no limit of the kernel counts: HOG_WHEN is "loaded", "called" or "idle".
#include "tool_plugin.h"
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

static void *take(void *argument) {
    for (int i = 0; i < 64; i++) {
        char *memory = mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) break;
        memset(memory, 1, 32 << 20);
        mprotect(memory, 32 << 20, PROT_READ);
    }
    for (;;) pause();
    return argument;
}

__attribute__((constructor)) static void load(void) {
    if (!strcmp(HOG_WHEN, "loaded")) take(NULL);
}

static int32_t execute(void *context, const tool_call_v1 *call) {
    pthread_t thread;
    (void)context;
    if (!strcmp(HOG_WHEN, "called")) take(NULL);
    pthread_create(&thread, NULL, take, NULL);
    return tool_finish(call, TOOL_OK);
}

static const tool_v1 hog = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"hog\",\"description\":\"A fixture\"}"), .execute = execute};
TOOL_PLUGIN("{\"name\":\"hog\"}", &hog)
