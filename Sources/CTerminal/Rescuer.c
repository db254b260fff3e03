// SPDX-License-Identifier: MIT
/* A process of its own that gives the terminal back when this one is gone and has not: killed, out of memory, or crashed
   on a thread whose stack had no room left for a handler. It sleeps until then. */
#define _GNU_SOURCE 1
#include "Signals.h"
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* In memory that both processes share. */
struct duty {
    atomic_bool is_engaged;
    struct termios raw; /* the flags while the screen is up */
};
static struct duty *duty;
static pid_t rescuer = -1;
static int lifeline = -1; /* whatever way this process ends, the kernel closes it */

/* Flags that a shell has set since are its own, and stay. */
static bool has_our_modes(void) {
    struct termios now;
    return tcgetattr(STDIN_FILENO, &now) == 0 && now.c_lflag == duty->raw.c_lflag && now.c_iflag == duty->raw.c_iflag;
}

/* Other threads of the program may have held any lock when this process was made: only async-signal-safe calls. */
static _Noreturn void stand_by(int life) {
    char nothing;
    setsid(); /* what a terminal, or kill, does to the program's group must not reach it */
    prctl(PR_SET_NAME, "locktop-rescue");
    prctl(PR_SET_DUMPABLE, 0);
    dup2(ct_urgent, STDOUT_FILENO);
    dup2(life, STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    ct_urgent = STDOUT_FILENO;
    while (read(STDERR_FILENO, &nothing, 1) > 0) {}
    if (duty->is_engaged) {
        ct_restore_screen();
        if (has_our_modes()) ct_restore_modes();
    }
    _exit(0);
}

void ct_start_rescuer(void) {
    int life[2];
    sigset_t all, before;
    if (ct_urgent < 0) return;
    if (!duty) duty = mmap(NULL, sizeof *duty, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (duty == MAP_FAILED) duty = NULL;
    if (!duty || tcgetattr(STDIN_FILENO, &duty->raw) < 0 || pipe2(life, O_CLOEXEC) < 0) return;
    ct_engage_rescuer();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before); /* it answers to no signal, so that no handler of ours runs there */
    rescuer = fork();
    if (rescuer == 0) stand_by(life[0]);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(life[0]);
    lifeline = life[1];
}
void ct_engage_rescuer(void) {
    if (duty) duty->is_engaged = true;
}
void ct_release_rescuer(void) {
    if (duty) duty->is_engaged = false;
}
void ct_end_rescuer(void) {
    ct_release_rescuer();
    if (rescuer > 0 && kill(rescuer, SIGKILL) == 0) waitpid(rescuer, NULL, 0);
    if (lifeline >= 0) close(lifeline);
    rescuer = lifeline = -1;
}
