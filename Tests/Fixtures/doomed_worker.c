// Tools that do what "how" says and print the number of their process. They log "doomed" just before they bring it
// down.
//
// ACTOR_EXTRA holds more members of the schema of `act`. With SLOW_START the plugin takes longer to load than `brief`
// may run, and prints "start" first.
#include "tool_plugin.h"
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef ACTOR_EXTRA
#define ACTOR_EXTRA ""
#endif

static void wait_for(const char *file) {
    while (access(file, F_OK)) usleep(1000);
}

static void take_memory(void) {
    for (;;) {
        char *memory = mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) for (;;) pause();
        memset(memory, 1, 32 << 20);
        mprotect(memory, 32 << 20, PROT_READ);
    }
}

static void die(const char *how) {
    if (!strcmp(how, "segv")) *(volatile int *)16 = 1;
    if (!strcmp(how, "abort")) abort();
    if (!strcmp(how, "exit")) exit(3);
    if (!strcmp(how, "_exit")) _exit(0);
    if (!strcmp(how, "kill")) kill(getpid(), SIGKILL);
    if (!strcmp(how, "memory")) take_memory();
    if (!strcmp(how, "close")) {
        close(3);
        kill(getpid(), SIGSTOP);
        for (;;) pause();
    }
}

static int32_t execute(void *context, const tool_call_v1 *call) {
    tool_text_v1 how, file;
    (void)context;
    if (tool_get_text(call, "/how", &how) != TOOL_RESULT_OK) how = tool_text("");
    if (tool_get_text(call, "/file", &file) != TOOL_RESULT_OK) file = tool_text("/nowhere/file");
    if (!strcmp(how.bytes, "ignore") || !strcmp(how.bytes, "wait")) {
        tool_print(call, "runs ");
        wait_for(file.bytes);
    } else if (!strcmp(how.bytes, "linger")) {
        tool_print(call, "%d", getpid());
        tool_finish(call, TOOL_OK);
        wait_for(file.bytes);
        return 0;
    } else if (how.length > 0) {
        call->host->log(call->host, TOOL_LOG_INFO, tool_text("doomed"));
        die(how.bytes);
    }
    tool_print(call, "%d", getpid());
    return tool_finish(call, TOOL_OK);
}

#ifdef SLOW_START
__attribute__((constructor)) static void start(void) {
    if (write(1, "start\n", 6) == 6) usleep(2300000);
}
#endif

#define TOOL(name, tool_flags, extra) \
    static const tool_v1 name = {.struct_size = sizeof(tool_v1), .flags = tool_flags, \
        .schema = TOOL_TEXT("{\"name\":\"" #name "\",\"description\":\"A fixture\"" extra "}"), .execute = execute};
TOOL(act, TOOL_FLAG_CONCURRENT, ACTOR_EXTRA)
TOOL(brief, TOOL_FLAG_CONCURRENT, ",\"toolhost\":{\"timeout\":2}")
TOOL(serial, 0, ",\"toolhost\":{\"timeout\":60}")
TOOL(brief_serial, 0, ",\"toolhost\":{\"timeout\":2}")
TOOL_PLUGIN("{\"name\":\"act\"}", &act, &brief, &serial, &brief_serial)
