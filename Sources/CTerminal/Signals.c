// SPDX-License-Identifier: MIT
/* What of the terminal needs no curses: signals, crashes, waiting, held-back standard error. */
#define _GNU_SOURCE 1
#include "Signals.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

char ct_modes_on[64], ct_modes_off[64], ct_restore[512];
static atomic_int wake_fd = -1;
static volatile sig_atomic_t is_up, resized, terminated, last_signal;
static struct termios before;
static int saved_stderr = -1, held_stderr = -1;
static const int endings[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGWINCH};
static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
static struct sigaction old_endings[6], old_crashes[6], old_stop;

void ct_write(const uint8_t *bytes, size_t count) {
    while (count > 0) {
        ssize_t n = write(STDOUT_FILENO, bytes, count);
        if (n < 0 && errno == EAGAIN) poll(&(struct pollfd){.fd = STDOUT_FILENO, .events = POLLOUT}, 1, 1000);
        else if (n < 0 && errno != EINTR) return;
        if (n > 0) bytes += n, count -= (size_t)n;
    }
}
void ct_say(const char *text) { ct_write((const uint8_t *)text, strlen(text)); }

void ct_wake(void) {
    int saved = errno;
    uint64_t one = 1;
    if (write(wake_fd, &one, sizeof one) < 0) { /* full means it is awake already */ }
    errno = saved;
}

/* Everything down to on_crash is async-signal-safe. */
static void show_stderr(void) {
    char text[1024];
    if (saved_stderr < 0) return;
    dup2(saved_stderr, STDERR_FILENO);
    off_t at = 0;
    for (ssize_t n; (n = pread(held_stderr, text, sizeof text, at)) > 0; at += n)
        if (write(STDERR_FILENO, text, (size_t)n) < 0) break;
    close(saved_stderr);
    close(held_stderr);
    saved_stderr = held_stderr = -1;
}
static void on_ending(int number) {
    if (number == SIGWINCH) resized = 1;
    else if (number == SIGALRM && last_signal) { /* a second after the end was asked for: the output is stuck */
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
        signal(last_signal, SIG_DFL);
        raise(last_signal);
        return;
    } else if (number != SIGALRM) {
        if (!last_signal) alarm(1);
        last_signal = number, terminated = 1;
    }
    ct_wake();
}
static void on_crash(int number) {
    for (size_t i = 0; i < 6; i++) sigaction(crashes[i], &old_crashes[i], NULL);
    if (is_up) {
        is_up = 0;
        ct_say(ct_restore);
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
    show_stderr();
    raise(number);
}

bool ct_begin(void) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) < 0) return false;
    if (wake_fd < 0) wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    resized = terminated = last_signal = 0;
    return true;
}
void ct_catch_signals(void) {
    static uint8_t stack[65536]; /* so that an overflowing stack can still restore the terminal */
    sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = sizeof stack}, NULL);
    struct sigaction ending = {.sa_handler = on_ending, .sa_flags = SA_RESTART};
    struct sigaction crash = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK}, ignore = {.sa_handler = SIG_IGN};
    sigset_t ours;
    sigemptyset(&ours);
    for (size_t i = 0; i < 6; i++) {
        sigaction(endings[i], &ending, &old_endings[i]);
        if (i > 0 && i < 4 && old_endings[i].sa_handler == SIG_IGN) sigaction(endings[i], &ignore, NULL); /* nohup */
        sigaction(crashes[i], &crash, &old_crashes[i]);
        sigaddset(&ours, endings[i]), sigaddset(&ours, crashes[i]);
    }
    sigaction(SIGTSTP, &ignore, &old_stop); /* before newterm, or curses would add its own */
    sigaddset(&ours, SIGTSTP);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
}
void ct_hold_stderr(void) {
    is_up = 1;
    if (!isatty(STDERR_FILENO) || (held_stderr = memfd_create("stderr", MFD_CLOEXEC)) < 0) return;
    saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(held_stderr, STDERR_FILENO);
}
void ct_end(void) {
    is_up = 0;
    show_stderr();
    alarm(0);
    for (size_t i = 0; i < 6; i++) {
        sigaction(endings[i], &old_endings[i], NULL);
        sigaction(crashes[i], &old_crashes[i], NULL);
    }
    sigaction(SIGTSTP, &old_stop, NULL);
}

int ct_signal(void) { return last_signal; }
int ct_wait(int milliseconds) {
    struct pollfd on[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    int why = 0, ready = 0;
    if (poll(on, 2, milliseconds) < 0) return 0; /* EINTR: the handler has written to the eventfd */
    if (on[1].revents & POLLIN) {
        uint64_t count;
        if (read(wake_fd, &count, sizeof count) > 0) why |= CT_WOKEN;
    }
    /* Readable with nothing to read is the end of the file: a tty that is gone. */
    if (on[0].revents & ~POLLIN || (on[0].revents && (ioctl(STDIN_FILENO, FIONREAD, &ready) < 0 || ready == 0)))
        why |= CT_HUNG_UP;
    else if (on[0].revents) why |= CT_INPUT;
    if (resized) resized = 0, why |= CT_RESIZED;
    if (terminated) terminated = 0, why |= CT_TERMINATED;
    return why;
}
void ct_stop(void) {
    kill(0, SIGTSTP);                      /* the others of the group; ignored here */
    signal(SIGTSTP, SIG_DFL);
    pthread_kill(pthread_self(), SIGTSTP); /* to this thread, so that it stops before the next line */
    signal(SIGTSTP, SIG_IGN);
    resized = 1; /* the program draws anew */
    ct_wake();
}
