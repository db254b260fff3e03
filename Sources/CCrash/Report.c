// SPDX-License-Identifier: MIT
/* Everything in here is async-signal-safe: no memory is asked for, no lock is taken, no library is trusted. */
#define _GNU_SOURCE 1
#include "Report.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gnu/libc-version.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <ucontext.h>
#include <unistd.h>

extern const char __ehdr_start[] __attribute__((visibility("hidden"))), etext[];

static int out;
static char pending[1024];
static size_t filled;
static bool is_whole; /* whether everything so far could be written */

static void flush(void) {
    is_whole = is_whole && crash_write(out, pending, filled);
    filled = 0;
}
static void put(const char *text, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (filled == sizeof pending) flush();
        pending[filled++] = text[i];
    }
}
static void say(const char *text) { put(text, strlen(text)); }
static char *digits(char end[static 24], uint64_t value, unsigned base, int least) {
    char *at = end + 23;
    *at = 0;
    for (; value > 0 || least > 0; value /= base, least--) *--at = "0123456789abcdef"[value % base];
    return at;
}
static void number(uint64_t value, unsigned base, int least) {
    char room[24];
    say(digits(room, value, base, least));
}

static const char *name(int number) {
    switch (number) {
    case SIGILL: return "SIGILL";
    case SIGTRAP: return "SIGTRAP";
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGABRT: return "SIGABRT";
    case SIGFPE: return "SIGFPE";
    default: return "a signal";
    }
}

/* The days since 1970 as year, month and day: the calendar of the libraries may take a lock. */
static void stamp(char text[static 17], int64_t seconds) {
    int64_t days = seconds / 86400 + 719468, rest = seconds % 86400, era = days / 146097, day = days % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t of_year = day - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    int64_t date[] = {
        era * 400 + year + (month >= 10), month < 10 ? month + 3 : month - 9, of_year - (153 * month + 2) / 5 + 1,
        rest / 3600, rest / 60 % 60, rest % 60};
    char room[24];
    for (size_t i = 0, at = 0; i < 6; i++) {
        if (i == 3) text[at++] = 'T';
        const char *part = digits(room, (uint64_t)date[i], 10, i == 0 ? 4 : 2);
        memcpy(text + at, part, strlen(part));
        at += strlen(part);
    }
    memcpy(text + 15, "Z", 2);
}

static void make_folders(void) {
    for (char *at = crash_folder + 1; *at; at++) {
        if (*at != '/') continue;
        *at = 0;
        mkdir(crash_folder, 0700);
        *at = '/';
    }
    mkdir(crash_folder, 0700);
}
struct entry { uint64_t inode, offset; unsigned short length; unsigned char type; char name[]; }; /* of getdents64 */
/* Another file in this folder is the user's own, whatever its name begins with. */
static bool is_report(const char *name) {
    static const char shape[] = "crash-00000000T000000Z";
    for (const char *part = shape; *part; part++, name++)
        if (*part == '0' ? *name < '0' || *name > '9' : *name != *part) return false;
    if (*name >= 'b' && *name <= 'z') name++;
    return strcmp(name, ".txt") == 0;
}
/* Leaves room for one more: names are times, so the least is the oldest. */
static void prune(int folder) {
    static _Alignas(struct entry) char room[8192];
    static char kept[CRASH_KEPT - 1][64];
    for (long count; (count = syscall(SYS_getdents64, folder, room, sizeof room)) > 0;)
        for (long at = 0; at < count; at += ((struct entry *)(room + at))->length) {
            char (*oldest)[64] = &kept[0], *found = ((struct entry *)(room + at))->name;
            if (!is_report(found)) continue;
            for (size_t i = 1; i < CRASH_KEPT - 1; i++)
                if (strcmp(kept[i], *oldest) < 0) oldest = &kept[i];
            bool is_older = strcmp(found, *oldest) < 0;
            if (is_older || **oldest) unlinkat(folder, is_older ? found : *oldest, 0);
            if (!is_older) memcpy(*oldest, found, strlen(found) + 1);
        }
}
static int create(char file[static 64], const char *now) {
    if (!*crash_folder) return -1;
    make_folders();
    int folder = open(crash_folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), made = -1;
    if (folder < 0) return -1;
    prune(folder);
    memcpy(file, "crash-", 6);
    memcpy(file + 6, now, 16);
    memcpy(file + 22, ".txt", 5);
    /* Several of one second have letters: `.` comes before them. */
    for (char letter = 'b'; (made = openat(folder, file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)) < 0
         && errno == EEXIST && letter <= 'z'; letter++)
        file[22] = letter, memcpy(file + 23, ".txt", 5);
    close(folder);
    if (made < 0) *file = 0;
    return made;
}

static void tell_cause(int signal, const siginfo_t *info) {
    say("what:     "), say(name(signal));
    if (info && info->si_code <= 0) {
        say(info->si_pid == getpid() ? ", which the program sent itself" : ", sent by another process");
    } else if (info && (signal == SIGSEGV || signal == SIGBUS)) {
        say(", at address 0x"), number((uint64_t)(uintptr_t)info->si_addr, 16, 1);
    }
    if (*crash_words) say("; "), say(crash_words);
    say("\n");
}
static bool is_ours(uintptr_t address) {
    return address >= (uintptr_t)__ehdr_start && address < (uintptr_t)etext;
}
/* The kernel looks: what is no memory is answered, not crashed upon. */
static size_t look(uintptr_t at, uintptr_t *words, size_t count) {
    struct iovec here = {words, count * sizeof *words}, there = {(void *)at, count * sizeof *words};
    long got = syscall(SYS_process_vm_readv, getpid(), &here, 1, &there, 1, 0);
    return got < 0 ? 0 : (size_t)got / sizeof *words;
}
/* Only what lies in the program itself: the addresses of this run would tell nobody anything. */
static void tell_place(uintptr_t address) {
    if (!is_ours(address)) return say(" ?");
    say(" +0x"), number(address - (uintptr_t)__ehdr_start, 16, 1);
}
static void tell_places(const void *context) {
    if (!context) return;
    const mcontext_t *state = &((const ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
    uintptr_t at = (uintptr_t)state->gregs[REG_RIP], frame = (uintptr_t)state->gregs[REG_RBP];
    uintptr_t top = (uintptr_t)state->gregs[REG_RSP];
#elif defined(__aarch64__)
    uintptr_t at = state->pc, frame = state->regs[29], top = state->sp;
#else
    uintptr_t at = 0, frame = 0, top = 0;
    (void)state;
#endif
    say("where:   "), tell_place(at);
    for (int depth = 0; depth < 24 && frame && frame % sizeof frame == 0; depth++) {
        uintptr_t link[2];
        if (look(frame, link, 2) != 2 || link[0] <= frame) break;
        tell_place(link[1]);
        frame = link[0];
    }
    /* Libraries keep no chain of frames, so what looks like a way back into the program is told as well. */
    static uintptr_t words[1024];
    size_t count = look(top, words, 1024);
    say("\nstack:   ");
    for (size_t i = 0, told = 0; i < count && told < 24; i++)
        if (is_ours(words[i])) tell_place(words[i]), told++;
    say("\n");
}
static void tell_events(void) {
    unsigned long long count = atomic_load(&crash_written), from = count > CRASH_LINES ? count - CRASH_LINES : 0;
    say("\nThe last events, with seconds since the start. Numbers stand for people, items and servers.\n");
    for (; from < count; from++) {
        const struct crash_line *line = &crash_lines[from % CRASH_LINES];
        unsigned short length = atomic_load_explicit(&line->count, memory_order_acquire);
        if (length == 0) continue;
        number((uint64_t)(line->milliseconds / 1000), 10, 1);
        say("."), number((uint64_t)(line->milliseconds % 1000), 10, 3), say(" ");
        put(line->text, length), say("\n");
    }
}

static bool tell_file(const char *now, char file[static 64], int signal, const siginfo_t *info, const void *context) {
    struct utsname system;
    out = create(file, now);
    if (out < 0) return false;
    is_whole = true;
    say("A crash of locktop.\n\n"), tell_cause(signal, info);
    say("when:     "), say(now), say("\n");
    say(crash_about);
    if (uname(&system) == 0)
        say("system:   "), say(system.sysname), say(" "), say(system.release), say(", glibc "),
            say(gnu_get_libc_version()), say("\n");
    tell_places(context), tell_events(), flush();
    /* Some file systems say only now that there was no room. */
    return close(out) == 0 && is_whole;
}
/* A stopped terminal, or a pipe that nobody reads, must not keep the program. */
static void tell_user(int signal, const char *file, bool is_written) {
    struct stat status;
    bool is_file = fstat(STDERR_FILENO, &status) == 0 && S_ISREG(status.st_mode); /* opened anew, it would begin at 0 */
    int own = is_file ? -1 : open("/proc/self/fd/2", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int flags = own < 0 && !is_file ? fcntl(STDERR_FILENO, F_GETFL) : -1;
    if (flags >= 0) fcntl(STDERR_FILENO, F_SETFL, flags | O_NONBLOCK); /* a socket can't be opened */
    out = own < 0 ? STDERR_FILENO : own;
    is_whole = true;
    say("locktop: it crashed ("), say(name(signal)), say(is_written ? ") and wrote " : "), and ");
    if (is_written || *file) say(crash_folder), say("/"), say(file);
    if (is_written)
        say(": what happened last, without names, passwords and tokens. Look it over and send it, with what you did "
            "before, to the people who gave you locktop.\n");
    else if (*file)
        say(", with what happened last, could not be written whole. Tell the people who gave you locktop what you did "
            "before.\n");
    else {
        say("could not write down what happened last: ");
        if (*crash_folder) say("no file could be made in "), say(crash_folder);
        else say("there is no place for files of its own");
        say(". Tell the people who gave you locktop what you did before.\n");
    }
    flush();
    if (flags >= 0) fcntl(STDERR_FILENO, F_SETFL, flags);
}

void crash_report(int signal, const siginfo_t *info, const void *context) {
    char now[17], file[64] = "";
    struct timespec time;
    /* A limit on the size of files is one more reason why nothing can be written, and not the end. */
    sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    clock_gettime(CLOCK_REALTIME, &time);
    stamp(now, time.tv_sec);
    bool is_written = tell_file(now, file, signal, info, context);
    tell_user(signal, file, is_written);
}
