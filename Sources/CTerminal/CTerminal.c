// SPDX-License-Identifier: MIT
#define _GNU_SOURCE 1
#define NCURSES_WIDECHAR 1
#include "Signals.h"
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int setupterm(const char *, int, int *); /* from term.h, whose macros are in the way */

static SCREEN *terminal;
static bool is_open, has_default_colors;

static const char *capability(const char *name) {
    char *text = tigetstr(name);
    return text == NULL || text == (char *)-1 ? "" : text;
}
static void append(char *to, size_t size, const char *text) { /* without the padding $<…> of old terminals */
    size_t at = strlen(to);
    while (*text && at + 1 < size) {
        if (text[0] == '$' && text[1] == '<' && strchr(text, '>')) text = strchr(text, '>') + 1;
        else to[at++] = *text++;
    }
    to[at] = 0;
}
static void choose_locale(void) {
    const char *set = setlocale(LC_CTYPE, "");
    const char *asked = getenv("LC_ALL");
    if (!asked || !*asked) asked = getenv("LC_CTYPE");
    if (!asked || !*asked) asked = getenv("LANG");
    bool wants = !asked || !*asked || strcasestr(asked, "utf-8") || strcasestr(asked, "utf8");
    if (wants && (!set || strcmp(nl_langinfo(CODESET), "UTF-8") != 0)) setlocale(LC_CTYPE, "C.UTF-8");
}
static void prepare_modes(bool mouse) {
    bool modern = *capability("BE") || *capability("kmous");
    strcpy(ct_modes_on, modern ? "\033[?2004h" : "");
    strcpy(ct_modes_off, modern ? "\033[?2004l" : "");
    if (mouse && *capability("kmous")) {
        strcat(ct_modes_on, "\033[?1006;1000h");
        strcat(ct_modes_off, "\033[?1006;1000l");
    }
    strcpy(ct_restore, ct_modes_off);
    static const char *const last[] = {"sgr0", "op", "cnorm", "rmkx", "rmcup"};
    for (size_t i = 0; i < 5; i++) append(ct_restore, sizeof ct_restore, capability(last[i]));
}

int ct_open(bool mouse) {
    int known = 0;
    const char *name = getenv("TERM");
    if (!ct_begin()) return CT_NO_TERMINAL;
    if (!name || !*name) return CT_NO_TERM;
    if (setupterm(NULL, STDOUT_FILENO, &known) != OK)
        return strcmp(name, "dumb") == 0 || known == 1 ? CT_POOR_TERM : CT_UNKNOWN_TERM;
    if (!*capability("cup") || !*capability("clear")) return CT_POOR_TERM;
    choose_locale();
    prepare_modes(mouse);
    ct_catch_signals();
    terminal = newterm(NULL, stdout, stdin);
    if (!terminal) return ct_end(), CT_UNKNOWN_TERM;
    is_open = true;
    ct_hold_stderr();
    raw(), noecho(), nonl(), typeahead(-1);
    if (has_colors() && start_color() == OK) has_default_colors = use_default_colors() == OK;
    keypad(stdscr, TRUE); /* switches the keys to the forms of the description; curses never reads any */
    ct_say(ct_modes_on);
    ct_start_rescuer();
    ct_resize();
    return CT_OK;
}
void ct_close(void) {
    if (!is_open) return;
    is_open = false;
    ct_say(ct_modes_off);
    endwin();
    ct_end_rescuer();
    delscreen(terminal);
    ct_end();
}

bool ct_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }
int ct_colors(void) { return has_colors() ? COLORS : 0; }
int ct_pairs(void) { return COLOR_PAIRS > 32767 ? 32767 : COLOR_PAIRS - 1; }
int ct_columns(void) { return COLS; }
int ct_rows(void) { return LINES; }
void ct_repaint(void) { clearok(curscr, TRUE); }
void ct_resize(void) {
    struct winsize now;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) < 0 || now.ws_row == 0 || now.ws_col == 0) return;
    int rows = now.ws_row > 1000 ? 1000 : now.ws_row, columns = now.ws_col > 1000 ? 1000 : now.ws_col;
    if (rows != LINES || columns != COLS) resizeterm(rows, columns);
    /* Also at a size that is known: between two looks it may have been smaller, and what was cut off is gone. */
    ct_repaint();
}
void ct_pair(int pair, int foreground, int background) {
    if (!has_default_colors && foreground < 0) foreground = COLOR_WHITE;
    if (!has_default_colors && background < 0) background = COLOR_BLACK;
    init_pair((short)pair, (short)foreground, (short)background);
}
void ct_erase(void) { erase(); }
void ct_erase_row(int row) {
    attr_set(A_NORMAL, 0, NULL);
    move(row, 0), clrtoeol();
}
void ct_put(int row, int column, const char *text, int attributes, int pair) {
    attr_t set = (attributes & CT_BOLD ? A_BOLD : 0) | (attributes & CT_DIM ? A_DIM : 0)
        | (attributes & CT_REVERSED ? A_REVERSE : 0) | (attributes & CT_UNDERLINED ? A_UNDERLINE : 0);
    attr_set(set, (short)pair, NULL);
    mvaddstr(row, column, text); /* ERR after the last cell of the screen means nothing */
}
void ct_cursor(int row, int column) {
    leaveok(stdscr, row < 0);
    curs_set(row >= 0);
    if (row >= 0) move(row, column);
}
void ct_flush(void) { wnoutrefresh(stdscr), doupdate(); }

static const struct { const char *name; int code; } described[] = {
    {"kbs", CT_BACKSPACE}, {"kcuu1", CT_UP}, {"kcud1", CT_DOWN}, {"kcub1", CT_LEFT}, {"kcuf1", CT_RIGHT},
    {"kpp", CT_PAGE_UP}, {"knp", CT_PAGE_DOWN}, {"khome", CT_HOME}, {"kend", CT_END}, {"kll", CT_END},
    {"kich1", CT_INSERT}, {"kdch1", CT_DELETE}, {"kcbt", CT_BACK_TAB}, {"kent", CT_ENTER}};
enum { NAMED = sizeof described / sizeof *described, FUNCTIONS = 63 };

int ct_key_count(void) { return NAMED + FUNCTIONS; }
const char *ct_key(int index, int *code) {
    char name[8];
    const char *text;
    if (index < NAMED) {
        *code = described[index].code;
        text = capability(described[index].name);
    } else {
        *code = CT_FUNCTION + index - NAMED + 1;
        snprintf(name, sizeof name, "kf%d", index - NAMED + 1);
        text = capability(name);
    }
    return *text ? text : NULL;
}
static void come_back(void) {
    ct_say(ct_modes_on);
    ct_resize();
    ct_repaint();
    ct_flush();
    keypad(stdscr, TRUE);
    ct_engage_rescuer();
}
void ct_suspend(bool group) {
    ct_say(ct_modes_off);
    endwin();
    ct_release_rescuer();
    ct_stop(group);
    come_back();
}
void ct_return(void) {
    endwin(); /* so that curses believes that nothing is as it was */
    come_back();
}
