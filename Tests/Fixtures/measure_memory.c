// Runs a program, and prints its exit code and its peak memory in KiB.
#include <stdio.h>
#include <fcntl.h>
#include <unistd.h>
#include <sys/resource.h>
#include <sys/wait.h>

int main(int count, char **words) {
    struct rusage usage;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        execv(words[1], words + 1);
        _exit(127);
    }
    wait4(child, &status, 0, &usage);
    printf("%d %ld", WIFEXITED(status) ? WEXITSTATUS(status) : -1, usage.ru_maxrss);
    return 0;
}
