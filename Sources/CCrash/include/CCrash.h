// SPDX-License-Identifier: MIT
/* What a crash leaves: a file with the last events before it. They are kept ready in memory of this library's own, since
   a program that has just crashed can't be asked for anything. */
#ifndef CCRASH_H
#define CCRASH_H
#include <stdbool.h>
#include <stddef.h>

/// From here on a crash leaves a file in this folder, which is made if need be.
/// - Parameters:
///   - folder: where; NULL: nowhere, and the crash is only told of.
///   - about: lines about the program, without names and secrets.
void crash_prepare(const char *_Nullable folder, const char *_Nonnull about);

/// Keeps a line, in the place of the oldest of two hundred. It must have no names and no secrets. For any thread.
void crash_note(const char *_Nonnull text, size_t count);

/// Looks for what Swift's library said last, in what was written to this file in the place of standard error.
/// For a handler of the crash that comes before this library's own; async-signal-safe.
void crash_take_last_words(int file);

/// Lets the first thread that crashes through, as often as it comes, and keeps every other one for ever: there is one
/// terminal and one file to write. To be called by every handler of a crash; async-signal-safe.
void crash_wait_turn(void);

/// Writes to a file that doesn't block, and waits for at most a fifth of a second, since nobody may be reading;
/// async-signal-safe.
/// - Returns: whether everything was written.
bool crash_write(int file, const char *_Nonnull text, size_t count);

/// Gives the calling thread, which lasts as long as the program, a stack of its own for handlers, so that it can tell of
/// a stack that has no room left. Threads that don't ask have none: there the rescuer alone gives the terminal back.
void crash_make_room(void);

#endif
