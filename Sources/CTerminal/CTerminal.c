// SPDX-License-Identifier: MIT
#define _GNU_SOURCE 1
#define NCURSES_WIDECHAR 1
#include "Signals.h"
#include <curses.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

int setupterm(const char *, int, int *); /* from term.h, whose macros are in the way */

static SCREEN *terminal;
static WINDOW *keys; /* a pad: reading from it never redraws */
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
static void define_keys(void) { /* forms that terminals send in spite of their description */
    static const struct { const char *text; int code; } extra[] = {
        {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
        {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
        {"\033[H", KEY_HOME}, {"\033[F", KEY_END}, {"\033OH", KEY_HOME}, {"\033OF", KEY_END},
        {"\033[1~", KEY_HOME}, {"\033[4~", KEY_END}, {"\033[Z", KEY_BTAB}, {"\033[200~", KEY_MAX + 1000},
        {"\033[201~", KEY_MAX + 1001}, {"\033[<", KEY_MAX + 1002}};
    for (size_t i = 0; i < sizeof extra / sizeof *extra; i++) define_key(extra[i].text, extra[i].code);
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
    set_escdelay(25);
    terminal = newterm(NULL, stdout, stdin);
    if (!terminal) return ct_end(), CT_UNKNOWN_TERM;
    is_open = true;
    ct_hold_stderr();
    raw(), noecho(), nonl(), typeahead(-1);
    if (has_colors() && start_color() == OK) has_default_colors = use_default_colors() == OK;
    keys = newpad(1, 1);
    keypad(keys, TRUE), nodelay(keys, TRUE), define_keys();
    ct_say(ct_modes_on);
    ct_resize();
    return CT_OK;
}
void ct_close(void) {
    if (!is_open) return;
    is_open = false;
    ct_say(ct_modes_off);
    endwin();
    delwin(keys), delscreen(terminal);
    ct_end();
}

bool ct_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }
int ct_colors(void) { return has_colors() ? COLORS : 0; }
int ct_columns(void) { return COLS; }
int ct_rows(void) { return LINES; }
void ct_repaint(void) { clearok(curscr, TRUE); }
void ct_resize(void) {
    struct winsize now;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) < 0 || now.ws_row == 0 || now.ws_col == 0) return;
    int rows = now.ws_row > 1000 ? 1000 : now.ws_row, columns = now.ws_col > 1000 ? 1000 : now.ws_col;
    if (rows == LINES && columns == COLS) return;
    resizeterm(rows, columns);
    ct_repaint();
}
void ct_pair(int pair, int foreground, int background) {
    if (!has_default_colors && foreground < 0) foreground = COLOR_WHITE;
    if (!has_default_colors && background < 0) background = COLOR_BLACK;
    init_pair((short)pair, (short)foreground, (short)background);
}
void ct_erase(void) { erase(); }
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

int ct_read_key(void) {
    static const int codes[][2] = {
        {KEY_UP, CT_UP}, {KEY_DOWN, CT_DOWN}, {KEY_LEFT, CT_LEFT}, {KEY_RIGHT, CT_RIGHT}, {KEY_PPAGE, CT_PAGE_UP},
        {KEY_NPAGE, CT_PAGE_DOWN}, {KEY_HOME, CT_HOME}, {KEY_END, CT_END}, {KEY_IC, CT_INSERT}, {KEY_DC, CT_DELETE},
        {KEY_BACKSPACE, CT_BACKSPACE}, {KEY_BTAB, CT_BACK_TAB}, {KEY_ENTER, CT_ENTER},
        {KEY_MAX + 1000, CT_PASTE_START}, {KEY_MAX + 1001, CT_PASTE_END}, {KEY_MAX + 1002, CT_MOUSE}};
    int key = wgetch(keys);
    if (key < 256) return key == ERR ? -1 : key;
    if (key >= KEY_F(1) && key <= KEY_F(63)) return CT_FUNCTION + key - KEY_F0;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (key == codes[i][0]) return codes[i][1];
    return CT_OTHER;
}
void ct_suspend(void) {
    ct_say(ct_modes_off);
    endwin();
    ct_stop();
    ct_say(ct_modes_on);
    ct_resize();
    ct_repaint();
    ct_flush();
}
