// A worker program that registers a plugin of one tool, and answers each call with frames that a seed determines:
// correct ones, and ones with a changed kind, flags, call, length or content. The seed is the environment variable
// LIAR.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static uint64_t state;

static uint32_t roll(uint32_t sides) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % sides;
}
static char out[1 << 20];
static size_t size;
static void add(const void *bytes, size_t count) { memcpy(out + size, bytes, count); size += count; }

static void add_text(const char *text) {
    uint32_t length = (uint32_t)strlen(text);
    add(&length, 4);
    add(text, length);
}

static void send_frame(uint16_t kind, uint16_t flags, uint64_t call, int32_t extra) {
    char header[16];
    uint32_t length = (uint32_t)((int32_t)size + extra);
    memcpy(header, &length, 4); memcpy(header + 4, &kind, 2);
    memcpy(header + 6, &flags, 2); memcpy(header + 8, &call, 8);
    size_t sent = 0;
    if (write(3, header, 16) != 16) _exit(0);
    while (sent < size) {
        ssize_t count = write(3, out + sent, size - sent);
        if (count <= 0) _exit(0);
        sent += (size_t)count;
    }
    size = 0;
}

static void payload(uint16_t kind) {
    uint32_t one = 1;
    int32_t number = (int32_t)roll(9) - 1;
    double half = 0.5;
    uint64_t time = (uint64_t)roll(2) * UINT64_MAX / 3;
    char flag = (char)roll(3), reason = (char)roll(5);
    switch (kind) {
    case 101: add_text("4"); break;
    case 102: add_text("{\"files\":true}"); size = size > 4 ? size - 4 : size; memmove(out, out + 4, size); break;
    case 103: add_text("{\"name\":\"liar\"}"); add(&one, 4); add_text("{\"name\":\"lie\"}"); add_text("");
        add("\1", 1); break;
    case 104: add_text("notFound"); add_text("gone"); break;
    case 105: add(&number, 4); add_text("words"); break;
    case 106: add_text("a violation"); break;
    case 107: add(&flag, 1); add_text(roll(5) ? "text/plain" : "nonsense"); add("some bytes", 10); break;
    case 108: add(&half, 8); add_text("half"); break;
    case 109: add(&reason, 1); add(&number, 4); add_text("a sentence"); add(&flag, 1); add(&time, 8); break;
    case 110: add(&flag, 1); break;
    case 112: add_text("localhost"); break;
    case 113: add(&flag, 1); break;
    }
}

static void lie(uint64_t call) {
    uint32_t frames = roll(6);
    for (uint32_t i = 0; i < frames; i++) {
        uint16_t kind = (uint16_t)(101 + roll(13)), flags = 0;
        uint64_t about = roll(3) ? call : roll(2) ? call + roll(3) - 1 : state;
        int32_t extra = 0;
        payload(kind);
        switch (roll(12)) {
        case 0: if (size) out[roll((uint32_t)size)] ^= (char)(1 << roll(8)); break;
        case 1: flags = (uint16_t)roll(3); break;
        case 2: extra = (int32_t)roll(40) - 20; if ((int32_t)size + extra < 0) extra = 0; break;
        case 3: kind = (uint16_t)roll(0x10000); break;
        case 4: size = roll((uint32_t)size + 1); break;
        case 5: while (size < sizeof out / 2 && roll(2)) add(out, size); break;
        }
        send_frame(kind, flags, about, extra);
    }
    switch (roll(8)) {
    case 0: _exit((int)roll(256));
    case 1: abort();
    case 2: for (;;) pause();
    case 3: close(3); sleep(1); _exit(0);
    case 4: for (int i = 0; i < 2000; i++) { payload(107); send_frame(107, 0, call, 0); } break;
    }
    if (roll(3)) { payload(109); memset(out, 0, 5); send_frame(109, 0, call, 0); }
    if (roll(3)) { size = 0; send_frame(111, 0, call, 0); }
}

int main(void) {
    char header[16];
    state = strtoull(getenv("LIAR"), NULL, 10) * 2654435761u + 1;
    payload(101); send_frame(101, 0, 0, 0);
    payload(102); send_frame(102, 0, 0, 0);
    payload(103); send_frame(103, 0, 0, 0);
    for (;;) {
        size_t have = 0;
        uint32_t length;
        uint16_t kind;
        uint64_t call;
        while (have < 16) {
            ssize_t count = read(3, header + have, 16 - have);
            if (count <= 0) return 0;
            have += (size_t)count;
        }
        memcpy(&length, header, 4); memcpy(&kind, header + 4, 2); memcpy(&call, header + 8, 8);
        for (char byte; length > 0; length--) if (read(3, &byte, 1) != 1) return 0;
        if (kind == 4) lie(call);
    }
}
