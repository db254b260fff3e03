// SPDX-License-Identifier: MIT
#ifndef CPSEUDOTERMINAL_H
#define CPSEUDOTERMINAL_H
#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>

typedef struct {
    pid_t process;          /* 0 when nothing was started */
    int master, slave;      /* closed when a program is executed */
    int exited;             /* readable once the process has ended */
    struct termios before;  /* the terminal's state before the program ran */
} cpt_terminal;

/* Starts a program as leader of its own session on a new terminal, with no signal blocked or ignored.
   Gives 0 or an errno. */
int cpt_start(cpt_terminal *_Nonnull terminal, const char *_Nonnull program,
              char *_Nullable const *_Nonnull arguments, char *_Nullable const *_Nonnull environment,
              const char *_Nonnull directory, int columns, int rows);
void cpt_resize(int master, int columns, int rows);
/* Whether the terminal's flags are what they were. */
bool cpt_is_restored(const cpt_terminal *_Nonnull terminal);
/* Waits until there is output (1) or the process has ended (2), or both; 0 when the time is up. */
int cpt_wait(int master, int exited, int milliseconds);
/* Takes the ended process away and gives its wait status, -1 when it still runs. */
int cpt_status(pid_t process);
#endif
