// Reads, writes, connects or starts a program, and returns `ok` or the error.
#include "tool_plugin.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void copy(const tool_call_v1 *call, const char *name, char *text, size_t size) {
    tool_text_v1 found;
    text[0] = 0;
    if (tool_get_text(call, name, &found) == TOOL_RESULT_OK && found.length < size) {
        memcpy(text, found.bytes, found.length);
        text[found.length] = 0;
    }
}

static int act(const char *how, const char *path, int port) {
    if (!strcmp(how, "read")) return open(path, O_RDONLY) < 0;
    if (!strcmp(how, "write")) return open(path, O_WRONLY | O_CREAT, 0600) < 0;
    if (!strcmp(how, "connect")) {
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int file = socket(AF_INET, SOCK_STREAM, 0);
        return file < 0 || connect(file, (struct sockaddr *)&to, sizeof to) != 0;
    }
    if (!strcmp(how, "exec")) {
        pid_t child = vfork();
        if (child == 0) {
            execl(path, path, (char *)NULL);
            _exit(errno);
        }
        int status;
        if (child < 0 || waitpid(child, &status, 0) < 0) return 1;
        errno = WEXITSTATUS(status);
        return status != 0;
    }
    errno = ENOSYS;
    return 1;
}

static int32_t probe(const tool_call_v1 *call) {
    char how[16], path[4096];
    int64_t port = 0;
    copy(call, "/how", how, sizeof how);
    copy(call, "/path", path, sizeof path);
    tool_get_i64(call, "/port", &port);
    errno = 0;
    int failed = act(how, path, (int)port);
    tool_print(call, "%s", failed ? strerror(errno) : "ok");
    return tool_finish(call, TOOL_OK);
}
