// SPDX-License-Identifier: MIT
#include "Library.h"

#include <fcntl.h>
#include <string.h>

// MARK: Many transfers

CURLM *cc_multi_open(long connections) {
    CURLM *multi = p_multi_init();
    if (multi) p_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, connections);
    return multi;
}

void cc_multi_close(CURLM *multi) { p_multi_cleanup(multi); }
void cc_multi_wake(CURLM *multi) { p_multi_wakeup(multi); }

void cc_multi_work(CURLM *multi) {
    int running;
    p_multi_perform(multi, &running);
}

void cc_multi_wait(CURLM *multi, int milliseconds) { p_multi_poll(multi, NULL, 0, milliseconds, NULL); }

CURL *cc_multi_ended(CURLM *multi, CURLcode *code) {
    int left;
    for (CURLMsg *message; (message = p_multi_info_read(multi, &left));) {
        if (message->msg != CURLMSG_DONE) continue;
        *code = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}

bool cc_multi_add(CURLM *multi, CURL *easy) { return p_multi_add_handle(multi, easy) == CURLM_OK; }
void cc_multi_remove(CURLM *multi, CURL *easy) { p_multi_remove_handle(multi, easy); }

// MARK: One transfer

static size_t on_line(char *bytes, size_t size, size_t count, void *listener) {
    const cc_listener *l = listener;
    return l->line(l->context, bytes, size * count) ? size * count : 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *listener) {
    const cc_listener *l = listener;
    return l->body(l->context, bytes, size * count) ? size * count : 0;
}

static int on_begin(void *listener, char *there, char *here, int there_port, int here_port) {
    (void)there, (void)here, (void)there_port, (void)here_port;
    const cc_listener *l = listener;
    return l->begin(l->context) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// A child that runs a password command must not hold our connections open.
static int on_socket(void *context, curl_socket_t socket, curlsocktype purpose) {
    (void)context, (void)purpose;
    fcntl(socket, F_SETFD, FD_CLOEXEC);
    return CURL_SOCKOPT_OK;
}

CURL *cc_easy_open(void) { return p_easy_init(); }
void cc_easy_close(CURL *easy) { p_easy_cleanup(easy); }
void cc_easy_reset(CURL *easy) { p_easy_reset(easy); }

void cc_easy_prepare(CURL *easy, const cc_listener *listener) {
    p_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_line);
    p_easy_setopt(easy, CURLOPT_HEADERDATA, listener);
    p_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    p_easy_setopt(easy, CURLOPT_WRITEDATA, listener);
    p_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_begin);
    p_easy_setopt(easy, CURLOPT_PREREQDATA, listener);
    p_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, on_socket);
    p_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    p_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    p_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    // Otherwise http_proxy, all_proxy and no_proxy of the environment count.
    p_easy_setopt(easy, CURLOPT_PROXY, "");
    p_easy_setopt(easy, CURLOPT_NOPROXY, "");
    // Otherwise OpenSSL asks on the terminal for a key's passphrase.
    p_easy_setopt(easy, CURLOPT_KEYPASSWD, "");
#if LIBCURL_VERSION_NUM >= 0x075700
    // Otherwise ending a transfer waits for its name's look-up, and every other transfer with it.
    p_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

void cc_set_number(CURL *easy, CURLoption option, long value) { p_easy_setopt(easy, option, value); }
void cc_set_text(CURL *easy, CURLoption option, const char *value) { p_easy_setopt(easy, option, value); }

void cc_set_body(CURL *easy, const void *bytes, size_t count) {
    p_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    p_easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes);
}

void cc_set_headers(CURL *easy, struct curl_slist *list) { p_easy_setopt(easy, CURLOPT_HTTPHEADER, list); }

struct curl_slist *cc_list_append(struct curl_slist *list, const char *text) { return p_slist_append(list, text); }
void cc_list_free(struct curl_slist *list) { p_slist_free_all(list); }

void cc_set_error_text(CURL *easy, char *buffer) { p_easy_setopt(easy, CURLOPT_ERRORBUFFER, buffer); }

void cc_set_look_only(CURL *easy) {
    p_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    p_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    p_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    p_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    p_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    p_easy_setopt(easy, CURLOPT_CERTINFO, 1L);
}

long cc_number(CURL *easy, CURLINFO info) {
    long value = 0;
    p_easy_getinfo(easy, info, &value);
    return value;
}

long long cc_time(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    p_easy_getinfo(easy, info, &value);
    return value;
}

const char *cc_certificate(CURL *easy, int index, const char *field) {
    struct curl_certinfo *info = NULL;
    p_easy_getinfo(easy, CURLINFO_CERTINFO, &info);
    if (!info || index >= info->num_of_certs) return NULL;
    size_t length = strlen(field);
    for (struct curl_slist *line = info->certinfo[index]; line; line = line->next) {
        if (!strncmp(line->data, field, length) && line->data[length] == ':') return line->data + length + 1;
    }
    return NULL;
}
