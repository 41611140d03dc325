#define _GNU_SOURCE
#include "worker.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { file_size = 64 << 10, kcmp_memory = 1 /* KCMP_VM */ };

/* Reads a file of /proc that is shorter than the buffer, and terminates it with a zero. */
static int read_file(const char *path, char *text, size_t size) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    size_t have = 0;
    ssize_t count;
    while (have < size - 1 && (count = read(file, text + have, size - 1 - have)) != 0) {
        if (count > 0) have += (size_t)count;
        else if (errno != EINTR) break;
    }
    close(file);
    text[have] = 0;
    return have > 0 ? 0 : -1;
}

static int read_process_file(pid_t process, const char *name, char *text, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
    return read_file(path, text, size);
}

/*
 * Reads the status of a process, and writes the path of the directory that has it.
 *
 * If the first thread of a process has exited and others run on, the status of the process shows no memory and no
 * files.
 */
static int read_status(pid_t process, char *text, size_t size, char *place, size_t place_size) {
    snprintf(place, place_size, "/proc/%d", (int)process);
    if (read_process_file(process, "status", text, size) != 0) return -1;
    if (strstr(text, "\nVmSize:")) return 0;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", (int)process);
    DIR *directory = opendir(path);
    if (!directory) return 0;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        long thread = strtol(entry->d_name, NULL, 10);
        if (thread <= 0 || thread == process) continue;
        snprintf(place, place_size, "/proc/%d/task/%ld", (int)process, thread);
        snprintf(path, sizeof path, "/proc/%d/task/%ld/status", (int)process, thread);
        if (read_file(path, text, size) == 0 && strstr(text, "\nVmSize:")) break;
    }
    closedir(directory);
    return 0;
}

/* Returns the number of a line, or 0 if there is no such line. The kernel escapes line breaks in names. */
static uint64_t number(const char *text, const char *name) {
    const char *line = strstr(text, name);
    return line ? strtoull(line + strlen(name), NULL, 10) : 0;
}

int worker_measure(pid_t process, worker_usage *use) {
    char text[file_size], place[64];
    memset(use, 0, sizeof *use);
    if (read_status(process, text, sizeof text, place, sizeof place) != 0) return -1;
    use->memory = 1024 * (number(text, "\nRssAnon:") + number(text, "\nRssShmem:") + number(text, "\nVmSwap:")
                          + number(text, "\nVmPTE:") + number(text, "\nHugetlbPages:"));
    use->threads = (uint32_t)number(text, "\nThreads:");
    use->descriptors = (uint32_t)number(text, "\nFDSize:");
    use->parent = (pid_t)number(text, "\nPPid:");
    return 0;
}

uint64_t worker_share(pid_t process) {
    char text[file_size];
    if (read_process_file(process, "smaps_rollup", text, sizeof text) != 0) return 0;
    uint64_t share = number(text, "\nPss_Anon:") + number(text, "\nPss_Shmem:") + number(text, "\nSwapPss:");
    if (read_process_file(process, "status", text, sizeof text) == 0) share += number(text, "\nVmPTE:");
    return 1024 * share;
}

int worker_shares_memory(pid_t process, pid_t other) {
    return syscall(SYS_kcmp, process, other, kcmp_memory, 0, 0) == 0;
}

uint32_t worker_descriptors(pid_t process) {
    char text[file_size], place[64], path[80];
    struct stat status;
    if (read_status(process, text, sizeof text, place, sizeof place) != 0) return 0;
    snprintf(path, sizeof path, "%s/fd", place);
    if (stat(path, &status) != 0) return 0;
    // Since Linux 6.2 the size of the directory is their number.
    if (status.st_size > 0) return (uint32_t)status.st_size;
    DIR *directory = opendir(path);
    if (!directory) return 0;
    uint32_t count = 0;
    for (const struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
    closedir(directory);
    return count;
}

int worker_group(pid_t group, pid_t *members, int capacity) {
    DIR *directory = opendir("/proc");
    if (!directory) return -1;
    int count = 0;
    for (const struct dirent *entry; (entry = readdir(directory));) {
        pid_t process = (pid_t)strtol(entry->d_name, NULL, 10);
        if (process <= 0 || getpgid(process) != group) continue;
        if (count < capacity) members[count] = process;
        count++;
    }
    closedir(directory);
    return count;
}

int worker_file_locks(const pid_t *processes, int count, int enough) {
    FILE *file = fopen("/proc/locks", "re");
    if (!file) return 0;
    char line[256];
    int locks = 0;
    // "7: POSIX  ADVISORY  WRITE 1234 08:01:99 0 EOF"; a lock that waits has "->" after its number.
    while (locks <= enough && fgets(line, sizeof line, file)) {
        int owner = 0;
        if (sscanf(line, "%*s -> %*s %*s %*s %d", &owner) != 1) sscanf(line, "%*s %*s %*s %*s %d", &owner);
        for (int i = 0; i < count; i++) locks += processes[i] == owner;
    }
    fclose(file);
    return locks;
}
