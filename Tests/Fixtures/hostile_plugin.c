// A plugin with the one tool `hostile`. Each comment in upper case stands for C source of a test.
#include "tool_plugin.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

// Returns the result of a system call, or its error.
static int32_t report(const tool_call_v1 *call, long result) {
    if (result < 0) tool_print(call, "%s", strerror(errno));
    else tool_print(call, "done: %ld", result);
    return tool_finish(call, TOOL_OK);
}

/* DECLARATIONS */

__attribute__((constructor)) static void load(void) {
    /* CONSTRUCTOR */
}

static int32_t execute(void *context, const tool_call_v1 *call) {
    (void)context;
    (void)report;
    /* BODY */
}

static const tool_text_v1 schema = TOOL_TEXT(HOSTILE_SCHEMA);
static const tool_text_v1 manifest = TOOL_TEXT("{\"name\":\"hostile\"}");
static tool_v1 tool;
static const tool_v1 *const tools[] = {&tool};
static tool_plugin_v1 plugin;

#ifdef __cplusplus
extern "C"
#endif
const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {
    (void)host;
    tool.struct_size = sizeof tool;
    tool.schema = schema;
    tool.execute = execute;
    tool.flags = TOOL_FLAG_CONCURRENT;
    plugin.struct_size = sizeof plugin;
    plugin.manifest = manifest;
    plugin.tools = tools;
    plugin.tool_count = 1;
    /* REGISTRATION */
    return &plugin;
}
