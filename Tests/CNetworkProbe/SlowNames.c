// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "CNetworkProbe.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_held, waiting;

void names_hold(void) {
    pthread_mutex_lock(&lock);
    is_held = 1;
    pthread_mutex_unlock(&lock);
}

void names_release(void) {
    pthread_mutex_lock(&lock);
    is_held = 0;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

int names_waiting(void) {
    pthread_mutex_lock(&lock);
    int count = waiting;
    pthread_mutex_unlock(&lock);
    return count;
}

// Stands before the system's function of this name.
__attribute__((visibility("default"))) int getaddrinfo(
    const char *restrict name, const char *restrict service, const struct addrinfo *restrict hints,
    struct addrinfo **restrict result) {
    const char *end = name ? strstr(name, ".slow.test") : NULL;
    if (end) {
        pthread_mutex_lock(&lock);
        waiting++;
        while (is_held) pthread_cond_wait(&changed, &lock);
        waiting--;
        pthread_mutex_unlock(&lock);
        return EAI_NONAME;
    }
    int (*real)(const char *, const char *, const struct addrinfo *, struct addrinfo **) =
        (__typeof__(real))dlsym(RTLD_NEXT, "getaddrinfo");
    return real(name, service, hints, result);
}
