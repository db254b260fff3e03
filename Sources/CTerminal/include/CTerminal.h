// SPDX-License-Identifier: MIT
/* The terminal through curses, for one thread only; ct_wake alone may be called from any. */
#ifndef CTERMINAL_H
#define CTERMINAL_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CT_OK, CT_NO_TERMINAL, CT_NO_TERM, CT_UNKNOWN_TERM, CT_POOR_TERM };
enum { CT_WOKEN = 1, CT_INPUT = 2, CT_RESIZED = 4, CT_TERMINATED = 8, CT_HUNG_UP = 16, CT_STOPPED = 32, CT_CONTINUED = 64 };
enum { CT_BOLD = 1, CT_DIM = 2, CT_REVERSED = 4, CT_UNDERLINED = 8 };
/* What ct_key names. CT_FUNCTION + n is Fn. */
enum {
    CT_UP = 1, CT_DOWN, CT_LEFT, CT_RIGHT, CT_PAGE_UP, CT_PAGE_DOWN, CT_HOME, CT_END, CT_INSERT, CT_DELETE,
    CT_BACKSPACE, CT_BACK_TAB, CT_ENTER, CT_FUNCTION = 0x200
};

int ct_open(bool mouse);                /* takes the terminal over; one of CT_OK … */
void ct_close(void);                    /* gives it back; harmless when it is not open */
bool ct_utf8(void);                     /* whether the locale's characters are UTF-8 */
int ct_colors(void);                    /* colours the terminal has, 0 for none */
int ct_pairs(void);                     /* the highest number of a pair of colours */
int ct_columns(void);
int ct_rows(void);
void ct_resize(void);                   /* asks the terminal for its size and repaints at the next flush */
void ct_pair(int pair, int foreground, int background); /* -1 is the terminal's default */
void ct_erase(void);
void ct_erase_row(int row);
void ct_put(int row, int column, const char *_Nonnull text, int attributes, int pair);
void ct_cursor(int row, int column);    /* row -1 hides it */
void ct_flush(void);                    /* sends what has changed */
void ct_repaint(void);                  /* the next flush sends everything */
size_t ct_read(uint8_t *_Nonnull bytes, size_t most); /* what is there, never waits */
int ct_key_count(void);
/* What the terminal's description says that a key sends; NULL when it says nothing. */
const char *_Nullable ct_key(int index, int *_Nonnull code);
int ct_wait(int milliseconds);          /* bits CT_WOKEN …; -1 waits for ever */
int ct_signal(void);                    /* the signal behind CT_TERMINATED, 0 for none */
void ct_wake(void);
/* Leaves the screen, stops (with the others of the process group or alone), and comes back when continued. */
void ct_suspend(bool group);
void ct_return(void);                   /* takes the screen again after being stopped without a warning */
void ct_write(const uint8_t *_Nonnull bytes, size_t count); /* straight to the terminal, past curses */
#endif
