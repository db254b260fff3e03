// SPDX-License-Identifier: MIT
#include "Library.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>

#define POINTER(name) __attribute__((visibility("hidden"))) __typeof__(&curl_##name) p_##name;
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
