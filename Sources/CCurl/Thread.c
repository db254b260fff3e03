// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "CCurl.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

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
    /* A crash that is blocked ends the program without a word, and without the terminal. */
    static const int crashes[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++) sigdelset(&all, crashes[i]);
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
