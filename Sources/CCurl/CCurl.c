// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "CCurl.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// MARK: Loading

// What is used of libcurl, by its name without `curl_`.
#define FUNCTIONS(each)                                                                             \
    each(global_init) each(version_info)                                                            \
    each(multi_init) each(multi_cleanup) each(multi_setopt) each(multi_wakeup) each(multi_perform)  \
    each(multi_poll) each(multi_info_read) each(multi_add_handle) each(multi_remove_handle)         \
    each(easy_init) each(easy_cleanup) each(easy_reset) each(easy_setopt) each(easy_getinfo)        \
    each(slist_append) each(slist_free_all)

// libcurl's headers make macros of these for checks of types, which take no pointer to a function.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define POINTER(name) static __typeof__(&curl_##name) p_##name;
FUNCTIONS(POINTER)

#ifdef __APPLE__
#define LIBRARY "libcurl.4.dylib"
#else
#define LIBRARY "libcurl.so.4"
#endif
// The first with CURLOPT_PREREQFUNCTION, without which a request might be sent twice.
#define OLDEST 0x075000

static cc_state state;

static void load(void) {
    state = CC_MISSING;
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define LOOK_UP(name) \
    if (!(p_##name = (__typeof__(p_##name))dlsym(library, "curl_" #name))) { state = CC_TOO_OLD; return; }
    FUNCTIONS(LOOK_UP)
    if (p_version_info(CURLVERSION_NOW)->version_num < OLDEST) {
        state = CC_TOO_OLD;
        return;
    }
    // Otherwise OpenSSL takes itself apart when the program ends, under the threads that still use it.
    int (*init)(uint64_t, const void *) = (__typeof__(init))dlsym(library, "OPENSSL_init_crypto");
    const uint64_t without_exit_handler = 0x80000;
    if (init) init(without_exit_handler, NULL);
    if (p_global_init(CURL_GLOBAL_ALL) == CURLE_OK) state = CC_READY;
}

cc_state cc_load(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return state;
}

// MARK: The thread

typedef struct {
    void *context;
    void (*run)(void *);
} thread_start;

static void *begin_thread(void *argument) {
    thread_start start = *(thread_start *)argument;
    free(argument);
#ifdef __linux__
    pthread_setname_np(pthread_self(), "network");
#endif
    start.run(start.context);
    return NULL;
}

bool cc_start_thread(void *context, void (*run)(void *)) {
    thread_start *start = malloc(sizeof *start);
    if (!start) return false;
    *start = (thread_start){context, run};
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pthread_t thread;
    int error = pthread_create(&thread, NULL, begin_thread, start);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (error) {
        free(start);
        return false;
    }
    pthread_detach(thread);
    return true;
}

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
