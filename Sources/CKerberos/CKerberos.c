// SPDX-License-Identifier: MIT
#include "CKerberos.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __APPLE__
#define LIBRARY "/System/Library/Frameworks/GSS.framework/GSS"
#else
#define LIBRARY "libgssapi_krb5.so.2"
#endif

// RFC 2744 and RFC 4178, as far as they are used: the library comes with libcurl, its headers do not.
typedef struct {
    size_t length;
    void *value;
} buffer;

#ifdef __APPLE__
#pragma pack(push, 2)
#endif
typedef struct {
    uint32_t length;
    void *elements;
} object;

typedef struct {
    size_t count;
    object *elements;
} object_set;
#ifdef __APPLE__
#pragma pack(pop)
#endif

#define FUNCTIONS(each)                                                                                     \
    each(gss_import_name, (uint32_t *, buffer *, object *, void **))                                        \
    each(gss_release_name, (uint32_t *, void **))                                                           \
    each(gss_acquire_cred,                                                                                  \
         (uint32_t *, void *, uint32_t, object_set *, int, void **, object_set **, uint32_t *))             \
    each(gss_inquire_cred, (uint32_t *, void *, void **, uint32_t *, int *, object_set **))                 \
    each(gss_release_cred, (uint32_t *, void **))                                                           \
    each(gss_init_sec_context,                                                                              \
         (uint32_t *, void *, void **, void *, object *, uint32_t, uint32_t, void *, buffer *, object **,   \
          buffer *, uint32_t *, uint32_t *))                                                                \
    each(gss_delete_sec_context, (uint32_t *, void **, buffer *))                                           \
    each(gss_release_buffer, (uint32_t *, buffer *))

#define POINTER(name, arguments) static uint32_t(*p_##name) arguments;
FUNCTIONS(POINTER)
// Only MIT's library can be told where the tickets are.
static uint32_t (*p_cache_name)(uint32_t *, const char *, const char **);

static int is_loaded;

static void load(void) {
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define LOOK_UP(name, arguments) \
    if (!(p_##name = (__typeof__(p_##name))dlsym(library, #name))) return;
    FUNCTIONS(LOOK_UP)
    p_cache_name = (__typeof__(p_cache_name))dlsym(library, "gss_krb5_ccache_name");
    is_loaded = 1;
}

static object kerberos = {9, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"};
static object spnego = {6, "\x2b\x06\x01\x05\x05\x02"};
static object service_name = {10, "\x2a\x86\x48\x86\xf7\x12\x01\x02\x01\x04"};

enum { INITIATE = 1, EXPIRED = 11 << 16 };

static int failed(uint32_t major) { return (major & 0xFFFF0000u) != 0; }

// Kerberos' own words, which the library hands through.
static ck_result meaning(uint32_t major, uint32_t minor) {
    if ((major & 0x00FF0000u) == EXPIRED) return CK_EXPIRED;
    switch ((int32_t)minor) {
    case -1765328377: return CK_UNKNOWN_SERVER;               // KDC_ERR_S_PRINCIPAL_UNKNOWN
    case -1765328228: case -1765328230: return CK_NO_REALM;   // KDC_UNREACH, REALM_UNKNOWN
    case -1765328347: return CK_CLOCK;                        // AP_ERR_SKEW
    case -1765328352: return CK_EXPIRED;                      // AP_ERR_TKT_EXPIRED
    case -1765328243: case -1765328189: return CK_NO_TICKET;  // CC_NOTFOUND, FCC_NOFILE
    default: return CK_FAILED;
    }
}

// The holder's sign-in, if there is one and its time is not over.
static ck_result acquire(void **holder) {
    uint32_t minor = 0, left = 0;
    object_set wanted = {1, &kerberos};
    uint32_t major = p_gss_acquire_cred(&minor, NULL, UINT32_MAX, &wanted, INITIATE, holder, NULL, NULL);
    // It is looked at only now: until then a missing one is as good as any.
    if (!failed(major)) major = p_gss_inquire_cred(&minor, *holder, NULL, &left, NULL, NULL);
    if (failed(major)) {
        ck_result result = meaning(major, minor);
        return result == CK_FAILED ? CK_NO_TICKET : result;
    }
    return left > 0 ? CK_READY : CK_EXPIRED;
}

// The bytes by one mechanism. One request, one token: what the server answers to it is its status.
static ck_result begin(object *mechanism, void *server, void *holder, buffer *token) {
    uint32_t minor = 0, ignored = 0;
    void *context = NULL;
    uint32_t major = p_gss_init_sec_context(
        &minor, holder, &context, server, mechanism, 0, 0, NULL, NULL, NULL, token, NULL, NULL);
    if (context) p_gss_delete_sec_context(&ignored, &context, NULL);
    return failed(major) ? meaning(major, minor) : token->length ? CK_READY : CK_FAILED;
}

static ck_result sign_in(const char *host, void *holder, buffer *token) {
    char text[300];
    int length = snprintf(text, sizeof text, "HTTP@%s", host);
    if (length < 0 || (size_t)length >= sizeof text) return CK_UNKNOWN_SERVER;
    uint32_t minor = 0;
    void *server = NULL;
    buffer name = {(size_t)length, text};
    if (failed(p_gss_import_name(&minor, &name, &service_name, &server))) return CK_FAILED;
    ck_result result = begin(&spnego, server, holder, token);
    if (result == CK_FAILED) {
        // It has words of its own for everything; Kerberos itself says what is wrong.
        buffer unused = {0, NULL};
        result = begin(&kerberos, server, holder, &unused);
        if (result == CK_READY) result = CK_FAILED;
        p_gss_release_buffer(&minor, &unused);
    }
    p_gss_release_name(&minor, &server);
    return result;
}

ck_result ck_token(const char *host, const char *cache, unsigned char **token, size_t *count) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    *token = NULL;
    *count = 0;
    if (!is_loaded) return CK_MISSING;
    uint32_t minor = 0;
    // It holds for this thread alone.
    if (p_cache_name) p_cache_name(&minor, cache, NULL);
    void *holder = NULL;
    buffer made = {0, NULL};
    ck_result result = acquire(&holder);
    if (result == CK_READY) result = sign_in(host, holder, &made);
    if (result == CK_READY) {
        if ((*token = malloc(made.length))) {
            memcpy(*token, made.value, made.length);
            *count = made.length;
        } else {
            result = CK_FAILED;
        }
    }
    p_gss_release_buffer(&minor, &made);
    if (holder) p_gss_release_cred(&minor, &holder);
    return result;
}
