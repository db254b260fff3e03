// SPDX-License-Identifier: MIT
#ifndef CCURL_H
#define CCURL_H

#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>

/// Whether libcurl can be used. It is loaded when it is first asked for, not when the program starts: it brings some
/// thirty libraries along, and the first frame does not wait for them.
typedef enum { CC_READY, CC_MISSING, CC_TOO_OLD } cc_state;
cc_state cc_load(void);

/// Starts a thread that no signal reaches: libcurl writes to sockets that may be gone, and SIGPIPE would end the program.
bool cc_start_thread(void *_Nonnull context, void (*_Nonnull run)(void *_Nonnull context));

CURLM *_Nullable cc_multi_open(long connections);
void cc_multi_close(CURLM *_Nonnull multi);
void cc_multi_wake(CURLM *_Nonnull multi);
/// Does what can be done without waiting.
void cc_multi_work(CURLM *_Nonnull multi);
void cc_multi_wait(CURLM *_Nonnull multi, int milliseconds);
/// A transfer that has ended, and how; NULL: none.
CURL *_Nullable cc_multi_ended(CURLM *_Nonnull multi, CURLcode *_Nonnull code);
bool cc_multi_add(CURLM *_Nonnull multi, CURL *_Nonnull easy);
void cc_multi_remove(CURLM *_Nonnull multi, CURL *_Nonnull easy);

/// What a transfer tells. The bytes are good for the call only.
typedef struct {
    void *_Nonnull context;
    /// One line of a head; false ends the transfer.
    bool (*_Nonnull line)(void *_Nonnull context, const char *_Nonnull bytes, size_t count);
    /// A part of the body; false ends the transfer.
    bool (*_Nonnull body)(void *_Nonnull context, const char *_Nonnull bytes, size_t count);
    /// The connection stands and the request is about to go; false ends the transfer before a byte of it.
    bool (*_Nonnull begin)(void *_Nonnull context);
} cc_listener;

/// A handle without any option set; NULL when memory is short.
CURL *_Nullable cc_easy_open(void);
void cc_easy_close(CURL *_Nonnull easy);
/// Forgets all options, the listener among them.
void cc_easy_reset(CURL *_Nonnull easy);
/// What every transfer has: who listens, and nothing from the environment.
void cc_easy_prepare(CURL *_Nonnull easy, const cc_listener *_Nonnull listener);
void cc_set_number(CURL *_Nonnull easy, CURLoption option, long value);
/// The text is copied.
void cc_set_text(CURL *_Nonnull easy, CURLoption option, const char *_Nullable value);
/// The bytes are copied.
void cc_set_body(CURL *_Nonnull easy, const void *_Nonnull bytes, size_t count);
/// The list stays the caller's, who keeps it until the handle is reset.
void cc_set_headers(CURL *_Nonnull easy, struct curl_slist *_Nullable list);
struct curl_slist *_Nullable cc_list_append(struct curl_slist *_Nullable list, const char *_Nonnull text);
void cc_list_free(struct curl_slist *_Nullable list);
/// Where libcurl puts its own words on a failure: CURL_ERROR_SIZE bytes, kept until the handle is reset.
void cc_set_error_text(CURL *_Nonnull easy, char *_Nonnull buffer);
/// Makes the next transfer end once the server's certificates are known, whatever they are worth.
void cc_set_look_only(CURL *_Nonnull easy);

long cc_number(CURL *_Nonnull easy, CURLINFO info);
/// The time until that step was done, in microseconds; 0: it was not.
long long cc_time(CURL *_Nonnull easy, CURLINFO info);
/// A field of one of the certificates that the server showed; NULL: no such certificate or field.
const char *_Nullable cc_certificate(CURL *_Nonnull easy, int index, const char *_Nonnull field);

#endif
