// A tool that reports the state of its process. With CHANGES it changes that state first. STATE_NAME is its name.
#include "tool_plugin.h"
#include <locale.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int32_t execute(void *context, const tool_call_v1 *call) {
    char directory[100] = "";
    (void)context;
#ifdef CHANGES
    if (chdir("/usr")) return TOOL_DONE;
    umask(0123);
    setlocale(LC_ALL, "C.UTF-8");
    setenv("ZOO", "1", 1);
#endif
    mode_t mask = umask(0);
    umask(mask);
    if (!getcwd(directory, sizeof directory)) directory[0] = 0;
    tool_print(call, "%s %o %s %s", directory, mask, setlocale(LC_ALL, NULL), getenv("ZOO") ? "set" : "unset");
    return tool_finish(call, TOOL_OK);
}

static const tool_v1 state = {.struct_size = sizeof(tool_v1), .flags = TOOL_FLAG_CONCURRENT,
    .schema = TOOL_TEXT("{\"name\":\"" STATE_NAME "\",\"description\":\"A fixture\"}"), .execute = execute};
TOOL_PLUGIN("{\"name\":\"" STATE_NAME "\"}", &state)
