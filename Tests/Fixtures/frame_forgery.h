// Functions that speak the protocol of workers on descriptor 3 without being a worker.
//
// `forge_whole(kind, call)` sends a correct frame. `forge_payload(kind)` makes only its payload, which
// `forge_send(kind, flags, call, length)` sends with a length that may be wrong. The timeout of the tool that it
// registers is a second, or FORGED_TIMEOUT.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#ifndef FORGED_TIMEOUT
#define FORGED_TIMEOUT "1"
#endif
static char forged[1 << 20];
static size_t forged_size;

static void forge_add(const void *bytes, size_t count) {
    memcpy(forged + forged_size, bytes, count);
    forged_size += count;
}
static void forge_number(uint64_t number, size_t size) { forge_add(&number, size); }

static void forge_text(const char *text) {
    forge_number(strlen(text), 4);
    forge_add(text, strlen(text));
}

static int forge_write(const void *bytes, size_t size) {
    for (size_t sent = 0; sent < size; ) {
        ssize_t count = write(3, (const char *)bytes + sent, size - sent);
        if (count <= 0) return -1;
        sent += (size_t)count;
    }
    return 0;
}

static int forge_send(uint16_t kind, uint16_t flags, uint64_t call, uint32_t length) {
    char header[16];
    memcpy(header, &length, 4); memcpy(header + 4, &kind, 2);
    memcpy(header + 6, &flags, 2); memcpy(header + 8, &call, 8);
    return forge_write(header, 16) < 0 ? -1 : forge_write(forged, length < sizeof forged ? length : 0);
}

static void forge_payload(uint16_t kind) {
    static const char report[] = "{\"landlock_abi\":999,\"files\":true,\"missing\":[\"FORGED\"]}";
    double half = 0.5;
    forged_size = 0;
    memset(forged, 0, 64);
    switch (kind) {
    case 101: forge_text("4"); break;
    case 102: forge_add(report, strlen(report)); break;
    case 103: forge_text("{\"name\":\"hostile\"}"); forge_number(1, 4);
        forge_text("{\"name\":\"hostile\",\"description\":\"Do harm\",\"toolhost\":{\"timeout\":" FORGED_TIMEOUT "}}");
        forge_text(""); forge_number(1, 1); break;
    case 104: forge_text("notFound"); forge_text("FORGED"); break;
    case 105: forge_number(3, 4); forge_text("forged words"); break;
    case 106: forge_text("a forged violation"); break;
    case 107: forge_number(0, 1); forge_text("text/plain"); forge_add("forged", 6); break;
    case 108: forge_add(&half, 8); forge_text("forged progress"); break;
    case 109: forge_number(0, 1); forge_number(1, 4); forge_text(""); forge_number(0, 1);
        forge_number(1, 8); break;
    case 110: forge_number(1, 1); break;
    case 112: forge_text("localhost"); break;
    case 113: forge_number(1, 1); break;
    }
}

static int forge_whole(uint16_t kind, uint64_t call) {
    forge_payload(kind);
    return forge_send(kind, 0, call, (uint32_t)forged_size);
}
