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
/* Makes the terminal's flags what they were. */
void cpt_cook(const cpt_terminal *_Nonnull terminal);
/* Whether the program can write no more. */
bool cpt_is_stuck(int slave);
/* Waits until there is output (1) or the process has ended (2), or both; 0 when the time is up. */
int cpt_wait(int master, int exited, int milliseconds);
/* Takes the ended process away and gives its wait status, -1 when it still runs. */
int cpt_status(pid_t process);

/* A program on pipes. A file is -1 once it is closed. */
typedef struct {
    pid_t process;
    int input, output, errors;  /* our ends; reading never blocks */
    int exited;                 /* readable once the process has ended */
} cpt_program;

enum { CPT_NO_INPUT = 1, CPT_NO_OUTPUT = 2, CPT_NO_ERRORS = 4 };

/* Starts a program with no signal blocked or ignored; the streams named in `closed` are not open in it at all.
   Gives 0 or an errno. */
int cpt_spawn(cpt_program *_Nonnull program, const char *_Nonnull path, char *_Nullable const *_Nonnull arguments,
              char *_Nullable const *_Nonnull environment, const char *_Nonnull directory, int closed);
/* Waits until either pipe has something (1), the process has ended (2), or the time is up. */
int cpt_wait_program(const cpt_program *_Nonnull program, int milliseconds);

/* Listens on the loopback interface; the port is stored. Gives the file, or -1. */
int cpt_listen(int *_Nonnull port);
/* The next connection, or -1 once the listener was shut down. */
int cpt_accept(int listener);
#endif
