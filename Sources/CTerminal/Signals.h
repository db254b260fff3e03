// SPDX-License-Identifier: MIT
#ifndef SIGNALS_H
#define SIGNALS_H
#include "CTerminal.h"

extern char ct_modes_on[64], ct_modes_off[64]; /* what curses does not switch: bracketed paste, mouse */
extern char ct_restore[512];                   /* everything that a crash has to undo */

bool ct_begin(void);         /* remembers the terminal's state; false when there is none */
void ct_catch_signals(void); /* before newterm, or curses would add its own */
void ct_hold_stderr(void);   /* from here on a crash restores the terminal */
void ct_end(void);           /* shows standard error and puts all signals back */
void ct_stop(bool group);    /* returns when continued */
void ct_say(const char *_Nonnull text);
#endif
