// SPDX-License-Identifier: MIT
#ifndef SIGNALS_H
#define SIGNALS_H
#include "CTerminal.h"

extern char ct_modes_on[64], ct_modes_off[64]; /* what curses does not switch: bracketed paste, mouse */
extern char ct_restore[512];                   /* everything that a crash has to undo */
extern int ct_urgent;                          /* the terminal, opened so that writing to it never waits */

bool ct_begin(void);         /* remembers the terminal's state; false when there is none */
void ct_catch_signals(void); /* before newterm, or curses would add its own */
void ct_hold_stderr(void);   /* from here on a crash restores the terminal */
void ct_end(void);           /* shows standard error and puts all signals back */
void ct_stop(bool group);    /* returns when continued */
void ct_say(const char *_Nonnull text);
void ct_restore_screen(void); /* writes ct_restore, whatever is stuck; async-signal-safe, as what follows */
void ct_restore_modes(void);  /* the terminal's flags as they were before ct_begin */

void ct_start_rescuer(void);   /* once the screen is up */
void ct_engage_rescuer(void);  /* from here on the terminal is to be given back if this process dies */
void ct_release_rescuer(void); /* it has been given back; async-signal-safe */
void ct_end_rescuer(void);
#endif
