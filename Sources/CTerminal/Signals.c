// SPDX-License-Identifier: MIT
/* What of the terminal needs no curses: signals, crashes, waiting, held-back standard error. */
#define _GNU_SOURCE 1
#include "Signals.h"
#include "CCrash.h"
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
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

char ct_modes_on[64], ct_modes_off[64], ct_restore[512];
static atomic_int wake_fd = -1;
static volatile sig_atomic_t is_up, resized, terminated, last_signal, stop_asked, continued;
static struct termios before;
int ct_urgent = -1; /* the terminal once more, opened so that writing to it never waits */
static int saved_stderr = -1, held_stderr = -1, older_stderr = -1;
static unsigned long long dropped;
enum { HELD = 1 << 20 };
static const int endings[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGALRM, SIGWINCH};
static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
static struct sigaction old_endings[6], old_crashes[6], old_stop, old_continue;

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

void ct_restore_screen(void) {
    size_t count = strlen(ct_restore);
    if (crash_write(ct_urgent, ct_restore, count)) return;
    /* What is stuck on its way is thrown away: the way back to the normal screen would stand behind it. */
    tcflush(ct_urgent, TCOFLUSH);
    crash_write(ct_urgent, ct_restore, count);
}
void ct_restore_modes(void) { tcsetattr(STDIN_FILENO, TCSANOW, &before); }
static void restore_terminal(void) { ct_restore_screen(), ct_restore_modes(), ct_release_rescuer(); }
static bool show_part(int out, int file, off_t from) {
    char text[1024];
    for (ssize_t n; (n = pread(file, text, sizeof text, from)) > 0; from += n)
        if (!crash_write(out, text, (size_t)n)) return false;
    return true;
}
static off_t length(int file) {
    struct stat status;
    return file >= 0 && fstat(file, &status) == 0 ? status.st_size : 0;
}
static bool say_dropped(int out, unsigned long long count) {
    static const char start[] = "locktop: of what was written here meanwhile, the first ", end[] = " bytes were not kept.\n";
    char digits[20];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + count % 10), count /= 10;
    while (count > 0);
    return crash_write(out, start, sizeof start - 1) && crash_write(out, digits + at, sizeof digits - at)
        && crash_write(out, end, sizeof end - 1);
}
static void show_stderr(void) {
    if (saved_stderr < 0) return;
    dup2(saved_stderr, STDERR_FILENO);
    int own = open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int out = own < 0 ? STDERR_FILENO : own;
    off_t newest = length(held_stderr), older = length(older_stderr);
    off_t from = newest > HELD ? newest - HELD : 0, room = HELD - (newest - from);
    off_t older_from = older > room ? older - room : 0;
    unsigned long long lost = dropped + (unsigned long long)(from + older_from);
    if ((lost == 0 || say_dropped(out, lost)) && (older_stderr < 0 || show_part(out, older_stderr, older_from)))
        show_part(out, held_stderr, from);
    if (own >= 0) close(own);
    close(saved_stderr);
    close(held_stderr);
    if (older_stderr >= 0) close(older_stderr);
    saved_stderr = held_stderr = older_stderr = -1;
    dropped = 0;
}
static void on_ending(int number) {
    if (number == SIGWINCH) resized = 1;
    else if (number == SIGTSTP) stop_asked = 1;
    else if (number == SIGCONT) continued = 1;
    else if (number == SIGALRM && last_signal) { /* a second after the end was asked for: stuck, or busy */
        if (is_up) is_up = 0, restore_terminal(), show_stderr();
        signal(last_signal, SIG_DFL);
        raise(last_signal);
        return;
    } else if (number != SIGALRM) {
        if (!last_signal) alarm(1);
        last_signal = number, terminated = 1;
    }
    ct_wake();
}
static void on_crash(int number, siginfo_t *info, void *context) {
    static volatile sig_atomic_t is_restoring;
    struct sigaction *old = &old_crashes[0];
    crash_wait_turn();
    for (size_t i = 0; i < 6; i++)
        if (crashes[i] == number) old = &old_crashes[i];
    /* A second crash, in here, goes on without the terminal. */
    if (!is_restoring) {
        is_restoring = 1;
        if (is_up) is_up = 0, restore_terminal();
        if (held_stderr >= 0) crash_take_last_words(held_stderr);
        show_stderr();
    }
    /* Whoever tells of the crash has to see where it was. */
    if (old->sa_flags & SA_SIGINFO) return old->sa_sigaction(number, info, context);
    sigaction(number, old, NULL);
    raise(number);
}

bool ct_begin(void) {
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) < 0) return false;
    if (wake_fd < 0) wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (ct_urgent < 0) ct_urgent = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (ct_urgent < 0) ct_urgent = open("/dev/tty", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    resized = terminated = last_signal = stop_asked = continued = 0;
    return true;
}
void ct_catch_signals(void) {
    crash_make_room(); /* so that an overflowing stack can still restore the terminal */
    struct sigaction ending = {.sa_handler = on_ending, .sa_flags = SA_RESTART};
    struct sigaction crash = {.sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigset_t ours;
    sigemptyset(&ours);
    for (size_t i = 0; i < 6; i++) {
        sigaction(endings[i], &ending, &old_endings[i]);
        if (i > 0 && i < 4 && old_endings[i].sa_handler == SIG_IGN) sigaction(endings[i], &ignore, NULL); /* nohup */
        sigaction(crashes[i], &crash, &old_crashes[i]);
        sigaddset(&ours, endings[i]), sigaddset(&ours, crashes[i]);
    }
    sigaction(SIGTSTP, &ending, &old_stop); /* before newterm, or curses would add its own */
    if (old_stop.sa_handler == SIG_IGN) sigaction(SIGTSTP, &ignore, NULL);
    sigaction(SIGCONT, &ending, &old_continue);
    sigaddset(&ours, SIGTSTP), sigaddset(&ours, SIGCONT);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_UNBLOCK, &ours, NULL);
}
void ct_hold_stderr(void) {
    is_up = 1;
    if (!isatty(STDERR_FILENO) || (held_stderr = memfd_create("stderr", MFD_CLOEXEC)) < 0) return;
    saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(held_stderr, STDERR_FILENO);
}
/* Nobody can be kept from writing to a file; so a full one is put aside, and the one before it is dropped. */
static void bound_stderr(void) {
    if (saved_stderr < 0 || length(held_stderr) < HELD) return;
    int fresh = memfd_create("stderr", MFD_CLOEXEC);
    if (fresh < 0) return;
    dup2(fresh, STDERR_FILENO);
    if (older_stderr >= 0) dropped += (unsigned long long)length(older_stderr), close(older_stderr);
    older_stderr = held_stderr;
    held_stderr = fresh;
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
    sigaction(SIGCONT, &old_continue, NULL);
}

int ct_signal(void) { return last_signal; }
size_t ct_read(uint8_t *bytes, size_t most) {
    struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&in, 1, 0) <= 0 || !(in.revents & POLLIN)) return 0;
    ssize_t n = read(STDIN_FILENO, bytes, most);
    return n > 0 ? (size_t)n : 0;
}
int ct_wait(int milliseconds) {
    struct pollfd on[2] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    int why = 0, ready = 0;
    bound_stderr();
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
    if (stop_asked) stop_asked = 0, why |= CT_STOPPED;
    if (continued) continued = 0, why |= CT_CONTINUED;
    return why;
}
void ct_stop(bool group) {
    struct sigaction ours;
    sigaction(SIGTSTP, NULL, &ours);
    signal(SIGTSTP, SIG_IGN);
    if (group) kill(0, SIGTSTP);           /* the others of the group; ignored here */
    signal(SIGTSTP, SIG_DFL);
    pthread_kill(pthread_self(), SIGTSTP); /* to this thread, so that it stops before the next line */
    sigaction(SIGTSTP, &ours, NULL);
    stop_asked = continued = 0;
    resized = 1; /* the program draws anew */
    ct_wake();
}
