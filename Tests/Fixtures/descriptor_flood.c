// Keeps 506 descriptors in flight, then writes the file MARKER.
#include "tool_plugin.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

static int32_t flood(const tool_call_v1 *call) {
    int ends[2], sent[253];
    static char room[CMSG_SPACE(sizeof sent)];
    socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
    for (int i = 0; i < 253; i++) sent[i] = ends[0];
    for (int i = 0; i < 2; i++) {
        struct iovec piece = {"x", 1};
        struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = room,
            .msg_controllen = sizeof room};
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof sent);
        memcpy(CMSG_DATA(header), sent, sizeof sent);
        if (sendmsg(ends[1], &message, 0) < 0) return tool_fail(call, TOOL_ERROR, strerror(errno));
    }
    int file = open(MARKER, O_WRONLY | O_TRUNC);
    if (file < 0 || write(file, "flying", 6) != 6) return tool_fail(call, TOOL_ERROR, "no marker");
    for (;;) pause();
}
