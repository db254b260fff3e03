// SPDX-License-Identifier: MIT
#define _GNU_SOURCE 1
#include "Report.h"
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct crash_line crash_lines[CRASH_LINES];
atomic_ullong crash_written;
char crash_folder[3072], crash_about[1024], crash_words[200];
struct timespec crash_start;

static const int signals[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
enum { SIGNALS = sizeof signals / sizeof *signals };
static struct sigaction before[SIGNALS];
static bool traces; /* whether Swift's own report was asked for */

static void copy(char *to, size_t size, const char *text) {
    size_t count = strnlen(text, size - 1);
    memcpy(to, text, count);
    to[count] = 0;
}

/* Everything down to on_crash is async-signal-safe. */

void crash_wait_turn(void) {
    static atomic_int first;
    int nobody = 0, own = gettid();
    if (atomic_compare_exchange_strong(&first, &nobody, own) || nobody == own) return;
    for (;;) pause();
}
bool crash_write(int file, const char *text, size_t count) {
    for (int patience = 20; count > 0;) {
        ssize_t n = write(file, text, count);
        if (n > 0) text += n, count -= (size_t)n;
        else if (n < 0 && errno == EINTR) continue;
        else if (n == 0 || errno != EAGAIN || patience-- == 0) return false;
        else poll(&(struct pollfd){.fd = file, .events = POLLOUT}, 1, 10);
    }
    return true;
}
static void on_crash(int number, siginfo_t *info, void *context) {
    static volatile sig_atomic_t is_telling;
    struct sigaction old = {.sa_handler = SIG_DFL};
    crash_wait_turn();
    /* The others' handlers stay while this tells, so that a second thread's crash waits and does not end it. */
    if (!is_telling) {
        is_telling = 1;
        for (size_t i = 0; i < SIGNALS; i++)
            if (signals[i] == number && traces) old = before[i];
        crash_report(number, info, context);
    }
    sigaction(number, &old, NULL);
    if (old.sa_flags & SA_SIGINFO) old.sa_sigaction(number, info, context);
    else raise(number);
}

void crash_make_room(void) {
    static _Thread_local bool has_room;
    enum { ROOM = 1 << 16 };
    if (has_room) return;
    void *stack = mmap(NULL, ROOM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    has_room = stack != MAP_FAILED && sigaltstack(&(stack_t){.ss_sp = stack, .ss_size = ROOM}, NULL) == 0;
}
void crash_prepare(const char *folder, const char *about) {
    if (folder && strlen(folder) < sizeof crash_folder) copy(crash_folder, sizeof crash_folder, folder);
    copy(crash_about, sizeof crash_about, about);
    clock_gettime(CLOCK_BOOTTIME, &crash_start);
    /* By itself Swift would show a report of several screens, and take seconds for it. */
    const char *asked = getenv("SWIFT_BACKTRACE");
    traces = asked && *asked;
    crash_make_room();
    struct sigaction ours = {.sa_sigaction = on_crash, .sa_flags = SA_ONSTACK | SA_SIGINFO};
    for (size_t i = 0; i < SIGNALS; i++) sigaction(signals[i], &ours, &before[i]);
}

void crash_note(const char *text, size_t count) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    struct crash_line *line = &crash_lines[atomic_fetch_add(&crash_written, 1) % CRASH_LINES];
    atomic_store_explicit(&line->count, 0, memory_order_release); /* half a line is none */
    line->milliseconds = (now.tv_sec - crash_start.tv_sec) * 1000 + (now.tv_nsec - crash_start.tv_nsec) / 1000000;
    if (count > sizeof line->text) count = sizeof line->text;
    for (size_t i = 0; i < count; i++) line->text[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    atomic_store_explicit(&line->count, (unsigned short)count, memory_order_release);
}

void crash_take_last_words(int file) {
    static char text[4096];
    static const char mark[] = "Fatal error";
    off_t end = lseek(file, 0, SEEK_END), from = end > (off_t)sizeof text ? end - (off_t)sizeof text : 0;
    ssize_t count = end < 0 ? 0 : pread(file, text, sizeof text, from);
    for (ssize_t at = count - (ssize_t)sizeof mark; at >= 0; at--) {
        if (memcmp(text + at, mark, sizeof mark - 1) != 0) continue;
        size_t length = 0;
        /* What stands in quotes is what the program worked on. */
        while (at + (ssize_t)length < count && length < sizeof crash_words - 1 && text[at + (ssize_t)length] >= ' '
               && text[at + (ssize_t)length] <= '~' && !strchr("'\"`", text[at + (ssize_t)length])) {
            crash_words[length] = text[at + (ssize_t)length];
            length++;
        }
        crash_words[length] = 0;
        return;
    }
}
