// SPDX-License-Identifier: MIT
#define _GNU_SOURCE 1
#include "CPseudoTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int open_pair(cpt_terminal *terminal) {
    char name[64];
    /* Close-on-exec from the start: a terminal that leaks into another test's child never hangs up. */
    terminal->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal->master < 0) return errno;
    if (grantpt(terminal->master) < 0 || unlockpt(terminal->master) < 0) return errno;
    if (ptsname_r(terminal->master, name, sizeof name) != 0) return errno;
    terminal->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal->slave < 0) return errno;
    fcntl(terminal->master, F_SETFL, O_NONBLOCK);
    return tcgetattr(terminal->slave, &terminal->before) < 0 ? errno : 0;
}

int cpt_start(cpt_terminal *terminal, const char *program, char *const *arguments, char *const *environment,
              const char *directory, int columns, int rows) {
    *terminal = (cpt_terminal){.master = -1, .slave = -1, .exited = -1};
    int error = open_pair(terminal);
    if (error != 0) return error;
    cpt_resize(terminal->master, columns, rows);
    pid_t process = fork();
    if (process < 0) return errno;
    if (process == 0) { /* only async-signal-safe calls from here */
        sigset_t none;
        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL); /* threads of a pool block nearly all signals */
        for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
        setsid();
        ioctl(terminal->slave, TIOCSCTTY, 0);
        for (int fd = 0; fd < 3; fd++) dup2(terminal->slave, fd);
        /* Sockets of a server in this process would live on in the child, and never be seen to close. */
        close_range(3, ~0U, 0);
        if (*directory && chdir(directory) < 0) _exit(126);
        execve(program, arguments, environment);
        _exit(127);
    }
    terminal->process = process;
    terminal->exited = (int)syscall(SYS_pidfd_open, process, 0);
    return terminal->exited < 0 ? errno : 0;
}
void cpt_resize(int master, int columns, int rows) {
    struct winsize size = {.ws_col = (unsigned short)columns, .ws_row = (unsigned short)rows};
    ioctl(master, TIOCSWINSZ, &size);
}
bool cpt_is_restored(const cpt_terminal *terminal) {
    struct termios now;
    if (tcgetattr(terminal->slave, &now) < 0) return false;
    return now.c_iflag == terminal->before.c_iflag && now.c_oflag == terminal->before.c_oflag
        && now.c_cflag == terminal->before.c_cflag && now.c_lflag == terminal->before.c_lflag;
}
void cpt_cook(const cpt_terminal *terminal) { tcsetattr(terminal->slave, TCSANOW, &terminal->before); }
bool cpt_is_stuck(int slave) {
    struct pollfd on = {.fd = slave, .events = POLLOUT};
    return poll(&on, 1, 0) == 0;
}
int cpt_wait(int master, int exited, int milliseconds) {
    struct pollfd on[2] = {{.fd = master, .events = POLLIN}, {.fd = exited, .events = POLLIN}};
    if (poll(on, 2, milliseconds) <= 0) return 0;
    return (on[0].revents & POLLIN ? 1 : 0) | (on[1].revents ? 2 : 0);
}
int cpt_status(pid_t process) {
    int status = 0;
    return waitpid(process, &status, WNOHANG) == process ? status : -1;
}
