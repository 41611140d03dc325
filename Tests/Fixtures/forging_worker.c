// A worker program that registers correctly, sends the one frame that a call's arguments describe, and then the correct
// result.
#define FORGED_TIMEOUT "30"
#include "frame_forgery.h"
#include <stdio.h>

static long argument(const char *text, const char *name) {
    const char *place = strstr(text, name);
    return place ? strtol(place + strlen(name) + 2, NULL, 10) : 0;
}

static int take(void *bytes, size_t size) {
    for (size_t have = 0; have < size; ) {
        ssize_t count = read(3, (char *)bytes + have, size - have);
        if (count <= 0) return -1;
        have += (size_t)count;
    }
    return 0;
}

int main(void) {
    char header[16];
    static char payload[1 << 20];
    forge_whole(101, 0); forge_whole(102, 0); forge_whole(103, 0);
    while (take(header, 16) == 0) {
        uint32_t length;
        uint16_t kind;
        uint64_t call;
        memcpy(&length, header, 4); memcpy(&kind, header + 4, 2); memcpy(&call, header + 8, 8);
        if (length >= sizeof payload || take(payload, length) < 0) return 1;
        payload[length] = 0;
        if (kind != 4) continue;
        const char *text = payload + 32;
        if (argument(text, "deaf")) for (;;) pause();
        uint16_t lie = (uint16_t)argument(text, "kind");
        forge_payload(lie);
        long size = argument(text, "empty") ? 0 : (long)forged_size + argument(text, "extra");
        forge_send(lie, (uint16_t)argument(text, "flags"), call + (uint64_t)argument(text, "other"),
                   (uint32_t)(size < 0 ? 0 : size));
        forged_size = 0;
        memset(forged, 0, 18);
        forge_send(109, 0, call, 18);
        forge_send(111, 0, call, 0);
    }
    return 0;
}
