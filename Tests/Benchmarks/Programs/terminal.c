/*
 * Runs a chat on a pseudo-terminal, plays its model server, and measures when the answer appears.
 *
 *     terminal first COUNT PAUSE COMMAND ...         answers COUNT prompts, each after a pause in microseconds
 *     terminal stream FILE COPIES PAUSE COMMAND ...  answers a prompt with copies of a file, with a pause after each token
 *     terminal read                                  is the least that a chat can do: a reader of prompts and responses
 *
 * "first" prints the nanoseconds from the first byte of each response to the first character of the answer. "stream" prints
 * the number of tokens, the nanoseconds of the answer, the processor time of the command in it, and the bytes on the terminal.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 16, BUFFER = 1 << 16, TOKEN = 6 };

static const char *const mark = "Quod";

static void fail(const char *format, ...) {
    va_list values;
    va_start(values, format);
    fprintf(stderr, "terminal: ");
    vfprintf(stderr, format, values);
    fprintf(stderr, "\n");
    va_end(values);
    exit(1);
}

static long nanoseconds(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The response of a model, as a growing string. */
typedef struct {
    char *bytes;
    size_t count, capacity;
} text;

static void add(text *text, const char *format, ...) {
    va_list values;
    if (text->capacity - text->count < 1024) text->bytes = realloc(text->bytes, text->capacity = text->capacity * 2 + 4096);
    if (!text->bytes) fail("out of memory");
    va_start(values, format);
    text->count += vsnprintf(text->bytes + text->count, text->capacity - text->count, format, values);
    va_end(values);
}

/* Adds a line of the response, in a chunk as Ollama sends it. */
static void add_line(text *response, const char *content, size_t count, int is_last) {
    char string[8 * TOKEN + 64], line[512];
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        unsigned char byte = content[i];
        if (byte == '"' || byte == '\\') length += sprintf(string + length, "\\%c", byte);
        else if (byte < ' ') length += sprintf(string + length, "\\u%04x", byte);
        else string[length++] = byte;
    }
    string[length] = 0;
    int size = sprintf(line,
        "{\"model\":\"scripted\",\"created_at\":\"2026-01-01T00:00:00.123456789Z\","
        "\"message\":{\"role\":\"assistant\",\"content\":\"%s\"},\"done\":%s}\n",
        string, is_last ? "true,\"done_reason\":\"stop\"" : "false");
    add(response, "%x\r\n%s\r\n", size, line);
    if (is_last) add(response, "0\r\n\r\n");
}

static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";

/* The sockets, the terminal and the process. */
static struct pollfd entries[CONNECTIONS + 2];
static char *requests[CONNECTIONS + 2];
static size_t sizes[CONNECTIONS + 2];
static int port, terminal;
static pid_t process;
static size_t shown;

static void listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (void *)&address, length) || listen(listener, 16) || getsockname(listener, (void *)&address, &length))
        fail("no server on loopback");
    port = ntohs(address.sin_port);
    entries[0] = (struct pollfd){listener, POLLIN, 0};
    for (int i = 2; i < CONNECTIONS + 2; i++) entries[i].fd = -1;
}

static void start(char **words) {
    struct winsize size = {.ws_row = 30, .ws_col = 100};
    char host[64];
    sprintf(host, "127.0.0.1:%d", port);
    process = forkpty(&terminal, NULL, NULL, &size);
    if (process < 0) fail("no terminal");
    if (process == 0) {
        setenv("OLLAMA_HOST", host, 1);
        setenv("TERM", "xterm-256color", 1);
        unsetenv("NO_COLOR");
        execvp(words[0], words);
        _exit(127);
    }
    entries[1] = (struct pollfd){terminal, POLLIN, 0};
}

static void reply(int connection, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t sent = send(connection, bytes, count, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) fail("the command closed its connection");
        bytes += sent;
        count -= sent;
    }
}

/* Reads a request; returns true if it is a prompt, and answers others. */
static int receive(int i) {
    if (!requests[i] && !(requests[i] = malloc(BUFFER * 64))) fail("out of memory");
    ssize_t count = recv(entries[i].fd, requests[i] + sizes[i], BUFFER * 64 - 1 - sizes[i], 0);
    if (count <= 0) {
        close(entries[i].fd);
        entries[i].fd = -1;
        sizes[i] = 0;
        return 0;
    }
    sizes[i] += count;
    requests[i][sizes[i]] = 0;
    char *end = strstr(requests[i], "\r\n\r\n"), *field = strcasestr(requests[i], "content-length:");
    if (!end) return 0;
    if (requests[i] + sizes[i] < end + 4 + (field && field < end ? atol(field + 15) : 0)) return 0;
    sizes[i] = 0;
    if (strstr(requests[i], "POST /api/chat ") == requests[i]) return 1;
    char other[256];
    const char *body = "{\"version\":\"0.12.0\",\"models\":[],\"capabilities\":[\"completion\",\"tools\"]}";
    reply(entries[i].fd, other, sprintf(other, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body));
    return 0;
}

/* The last bytes on the terminal. */
static char screen[BUFFER * 2 + 1];
static size_t end_of_screen;

static void read_terminal(void) {
    if (end_of_screen > BUFFER) {
        memmove(screen, screen + end_of_screen - 64, 64);
        end_of_screen = 64;
    }
    ssize_t count = read(terminal, screen + end_of_screen, BUFFER);
    if (count <= 0) fail("the command exited");
    /* A search for text must not end at a zero. */
    for (ssize_t i = 0; i < count; i++) if (!screen[end_of_screen + i]) screen[end_of_screen + i] = ' ';
    end_of_screen += count;
    screen[end_of_screen] = 0;
    shown += count;
}

/* Waits for events; returns the connection of a prompt, or -1. */
static int wait_for_events(int timeout) {
    int connection = -1;
    int count = poll(entries, CONNECTIONS + 2, timeout);
    if (count == 0 && timeout > 0) fail("nothing happens after: %s", screen);
    if (count <= 0) return -1;
    if (entries[1].revents) read_terminal();
    if (entries[0].revents) {
        int i = 2, on = 1;
        while (i < CONNECTIONS + 2 && entries[i].fd >= 0) i++;
        if (i == CONNECTIONS + 2) fail("too many connections");
        entries[i] = (struct pollfd){accept4(entries[0].fd, NULL, NULL, SOCK_CLOEXEC), POLLIN, 0};
        setsockopt(entries[i].fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    }
    for (int i = 2; i < CONNECTIONS + 2; i++)
        if (entries[i].fd >= 0 && entries[i].revents && receive(i)) connection = entries[i].fd;
    return connection;
}

static void wait_for(const char *words) {
    while (!strstr(screen, words)) wait_for_events(20000);
}

/* Types a prompt once the command asks for it, and returns the connection of the request. */
static int ask(void) {
    wait_for("> ");
    end_of_screen = screen[0] = 0;
    if (write(terminal, "hello\r", 6) != 6) fail("the terminal takes no input");
    int connection;
    while ((connection = wait_for_events(20000)) < 0) {}
    return connection;
}

/* Handles events for a time in microseconds. */
static void pause_for(long pause) {
    long end = nanoseconds(CLOCK_MONOTONIC) + pause * 1000;
    for (long rest; (rest = end - nanoseconds(CLOCK_MONOTONIC)) > 0;) {
        struct timespec time = {rest / 1000000000, rest % 1000000000};
        if (ppoll(entries, 2, &time, NULL) > 0) wait_for_events(0);
    }
}

static void measure_first(int count, long pause) {
    text first = {0}, last = {0};
    add(&first, "%s", head);
    add_line(&first, mark, strlen(mark), 0);
    add_line(&last, "", 0, 1);
    for (int i = 0; i < count; i++) {
        int connection = ask();
        pause_for(pause);
        end_of_screen = screen[0] = 0;
        long start = nanoseconds(CLOCK_MONOTONIC);
        reply(connection, first.bytes, first.count);
        wait_for("Q");
        printf("%ld\n", nanoseconds(CLOCK_MONOTONIC) - start);
        reply(connection, last.bytes, last.count);
    }
}

static void measure_stream(const char *path, int copies, long pause) {
    FILE *file = fopen(path, "r");
    if (!file) fail("cannot read %s", path);
    static char source[BUFFER];
    size_t length = fread(source, 1, sizeof source, file);
    text response = {0};
    size_t *ends = NULL, tokens = 0;
    add(&response, "%s", head);
    for (int copy = 0; copy < copies; copy++) {
        for (size_t start = 0, next; start < length; start = next) {
            /* A token is a space with the beginning of a word, and does not end within a character. */
            next = start + 1;
            while (next < length && ((source[next] & 0xC0) == 0x80 || (source[next] != ' ' && next - start < TOKEN))) next++;
            add_line(&response, source + start, next - start, 0);
            if (pause) {
                ends = realloc(ends, (tokens + 1) * sizeof *ends);
                if (!ends) fail("out of memory");
                ends[tokens] = response.count;
            }
            tokens++;
        }
    }
    char last[32];
    add_line(&response, last, sprintf(last, "\n\n%s", mark), 1);
    clockid_t clock;
    int connection = ask();
    if (clock_getcpuclockid(process, &clock)) fail("no processor time");
    end_of_screen = screen[0] = 0;
    size_t before = shown;
    long start = nanoseconds(CLOCK_MONOTONIC), processor = nanoseconds(clock), due = start;
    size_t sent = 0;
    for (size_t token = 0; pause && token < tokens; token++) {
        reply(connection, response.bytes + sent, ends[token] - sent);
        sent = ends[token];
        due += pause * 1000;
        pause_for((due - nanoseconds(CLOCK_MONOTONIC)) / 1000);
    }
    while (sent < response.count) {
        struct pollfd both[2] = {entries[1], {connection, POLLOUT, 0}};
        poll(both, 2, 20000);
        if (both[0].revents) read_terminal();
        if (!both[1].revents) continue;
        ssize_t count = send(connection, response.bytes + sent, response.count - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0 && errno != EAGAIN) fail("the command closed its connection");
        if (count > 0) sent += count;
    }
    wait_for(mark);
    printf("%zu %ld %ld %zu\n", tokens, nanoseconds(CLOCK_MONOTONIC) - start, nanoseconds(clock) - processor, shown - before);
}

/* The floor: writes the content of each line as it arrives, and parses nothing else. */
static int read_responses(void) {
    static const char request[] = "POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
    static char line[BUFFER], buffer[BUFFER];
    const char *host = strchr(getenv("OLLAMA_HOST"), ':');
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons(atoi(host + 1))};
    int server = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(server, (void *)&address, sizeof address)) return 1;
    while (write(1, "> ", 2) == 2 && fgets(line, sizeof line, stdin)) {
        size_t length = 0;
        if (write(server, request, sizeof request - 1) < 0) return 1;
        for (int is_done = 0; !is_done;) {
            ssize_t count = recv(server, buffer, sizeof buffer, 0);
            if (count <= 0) return 1;
            for (ssize_t i = 0; i < count; i++) {
                if (length < sizeof line - 1) line[length++] = buffer[i];
                if (buffer[i] != '\n') continue;
                line[length] = 0;
                length = 0;
                char *start = strstr(line, "\"content\":\""), *out = line;
                if (!start) continue;
                for (start += 11; *start && *start != '"'; start++) {
                    if (*start != '\\') *out++ = *start;
                    else if (*++start != 'u') *out++ = *start;
                    else {
                        *out++ = '\n';
                        start += 4;
                    }
                }
                is_done = strstr(start, "\"done\":true") != NULL;
                if (out > line && write(1, line, out - line) < 0) return 1;
            }
        }
    }
    return 0;
}

int main(int count, char **words) {
    if (count > 1 && !strcmp(words[1], "read")) return read_responses();
    if (count < 5) fail("see the comment at the start of this file");
    listen_on_loopback();
    int is_stream = !strcmp(words[1], "stream");
    start(words + (is_stream ? 5 : 4));
    if (is_stream) measure_stream(words[2], atoi(words[3]), atol(words[4]));
    else measure_first(atoi(words[2]), atol(words[3]));
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
    return 0;
}
