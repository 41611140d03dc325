#include "acts.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/xattr.h>
#include <unistd.h>

static int with_open(const char *path, int flags, int (*use)(int file)) {
    int file = open(path, flags | O_CLOEXEC, 0644);
    if (file < 0) return errno;
    int outcome = use ? use(file) : 0;
    close(file);
    return outcome;
}

static int read_byte(int file) {
    char byte;
    return OUTCOME(read(file, &byte, 1));
}

static int write_byte(int file) { return OUTCOME(write(file, "x", 1)); }
static int change_mode(int file) { return OUTCOME(fchmod(file, 0600)); }
static int set_time(int file) { return OUTCOME(futimens(file, NULL)); }
// Just beyond the first gibibyte.
static int write_far(int file) { return OUTCOME(pwrite(file, "x", 1, (off_t)1 << 30)); }

#define FILE_ACT(function, flags, use)                        \
    static int function(const char *path, pid_t victim) {     \
        (void)victim;                                         \
        return with_open(path, flags, use);                   \
    }
FILE_ACT(read_file, O_RDONLY, read_byte)
FILE_ACT(list_directory, O_RDONLY | O_DIRECTORY, NULL)
FILE_ACT(write_file, O_WRONLY | O_APPEND, write_byte)
FILE_ACT(create_file, O_WRONLY | O_CREAT | O_EXCL, write_byte)
FILE_ACT(empty_by_open, O_RDONLY | O_TRUNC, NULL)
FILE_ACT(change_open_mode, O_RDONLY, change_mode)
FILE_ACT(set_open_time, O_RDONLY, set_time)
static int change_mode_at(int file) { return OUTCOME(syscall(452 /* fchmodat2 */, file, "", 0600, AT_EMPTY_PATH)); }
FILE_ACT(change_mode_by_handle, O_RDONLY, change_mode_at)
FILE_ACT(write_far_out, O_WRONLY | O_CREAT, write_far)

ACT(empty_file, truncate(argument, 0))
ACT(remove_file, unlink(argument))
ACT(make_directory, mkdir(argument, 0755))
ACT(make_link, symlink("target", argument))
ACT(make_device, mknod(argument, S_IFCHR | 0600, 0x0103))
ACT(make_socket, mknod(argument, S_IFSOCK | 0600, 0))
ACT(change_mode_by_path, chmod(argument, 0644))
ACT(change_mode_in_directory, fchmodat(AT_FDCWD, argument, 0666, 0))
ACT(change_mode_with_flags, syscall(452 /* fchmodat2 */, AT_FDCWD, argument, 0666, 0))
ACT(create_special, open(argument, O_WRONLY | O_CREAT | O_EXCL, 04700))
ACT(create_special_by_creat, creat(argument, 02700))
ACT(make_special_node, mknod(argument, S_IFREG | 04700, 0))
ACT(set_mask, umask(0))

/* Returns 0 if users other than the owner can open a file that was just created. */
static int is_open_to_others(int outcome, const char *path) {
    struct stat status;
    if (outcome < 0 || lstat(path, &status) != 0) return errno;
    return status.st_mode & 077 ? 0 : EPERM;
}

/* Defines an act that creates a file with as many permissions for others as possible. */
#define OPEN_ACT(function, call)                              \
    static int function(const char *path, pid_t victim) {     \
        (void)victim;                                         \
        umask(0);                                             \
        return is_open_to_others(call, path);                 \
    }
OPEN_ACT(create_for_all, open(path, O_WRONLY | O_CREAT | O_EXCL, 0666))
OPEN_ACT(create_for_all_by_creat, creat(path, 0666))
OPEN_ACT(make_directory_for_all, mkdir(path, 0777))
OPEN_ACT(make_node_for_all, mknod(path, S_IFREG | 0666, 0))
OPEN_ACT(make_pipe_for_all, mkfifo(path, 0666))

ACT(change_owner, chown(argument, getuid(), getgid()))
ACT(set_time_by_path, utimes(argument, NULL))
ACT(set_attribute, setxattr(argument, "user.probe", "x", 1, 0))
ACT(watch_file, inotify_add_watch(inotify_init(), argument, IN_ACCESS))
ACT(see_file, access(argument, F_OK))

static int move_away(const char *path, pid_t victim) {
    (void)victim;
    char other[4096];
    if (strlen(path) + 2 > sizeof other) return ENAMETOOLONG;
    strcat(strcpy(other, path), "2");
    return OUTCOME(rename(path, other));
}

static int open_by_handle(const char *path, pid_t victim) {
    (void)victim;
    struct {
        struct file_handle handle;
        unsigned char room[MAX_HANDLE_SZ];
    } buffer;
    int mount;
    buffer.handle.handle_bytes = MAX_HANDLE_SZ;
    if (name_to_handle_at(AT_FDCWD, path, &buffer.handle, &mount, 0) != 0) return errno;
    int root = open("/", O_RDONLY | O_DIRECTORY);
    return OUTCOME(open_by_handle_at(root < 0 ? AT_FDCWD : root, &buffer.handle, O_RDONLY));
}

const struct act file_acts[] = {
    {"read file", read_file},
    {"list directory", list_directory},
    {"write file", write_file},
    {"create file", create_file},
    {"empty file", empty_file},
    {"empty file by opening it", empty_by_open},
    {"write behind 1 GiB", write_far_out},
    {"remove file", remove_file},
    {"rename file", move_away},
    {"make directory", make_directory},
    {"make link", make_link},
    {"make device", make_device},
    {"make socket", make_socket},
    {"change mode", change_mode_by_path},
    {"change mode of open file", change_open_mode},
    {"change mode at", change_mode_in_directory},
    {"change mode with flags", change_mode_with_flags},
    {"change mode by descriptor and path", change_mode_by_handle},
    {"create with set-user-ID", create_special},
    {"create with set-group-ID", create_special_by_creat},
    {"make node with set-user-ID", make_special_node},
    {"set mask", set_mask},
    {"create for all", create_for_all},
    {"create for all by creat", create_for_all_by_creat},
    {"make directory for all", make_directory_for_all},
    {"make node for all", make_node_for_all},
    {"make pipe for all", make_pipe_for_all},
    {"change owner", change_owner},
    {"set time", set_time_by_path},
    {"set time of open file", set_open_time},
    {"set attribute", set_attribute},
    {"watch file", watch_file},
    {"see file", see_file},
    {"open by handle", open_by_handle},
    {NULL, NULL},
};
