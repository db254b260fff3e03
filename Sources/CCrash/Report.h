// SPDX-License-Identifier: MIT
#ifndef REPORT_H
#define REPORT_H
#include "CCrash.h"
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

enum { CRASH_LINES = 200, CRASH_WIDTH = 116, CRASH_KEPT = 5 };
struct crash_line {
    int64_t milliseconds; /* since the start */
    _Atomic unsigned short count; /* 0: none, or half written */
    char text[CRASH_WIDTH];
};
extern struct crash_line crash_lines[CRASH_LINES];
extern atomic_ullong crash_written; /* how many there have been */
extern char crash_folder[3072], crash_about[1024], crash_words[200];
extern struct timespec crash_start;

/* Writes the file, and a sentence about it to standard error; async-signal-safe. */
void crash_report(int number, const siginfo_t *info, const void *context);
#endif
