// SPDX-License-Identifier: MIT
#define _GNU_SOURCE
#include "CNetworkProbe.h"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

// The libssl that libcurl brings along, without its headers: tests need no package of their own.
#define FUNCTIONS(each)                                                                     \
    each(const void *, TLS_server_method, (void))                                           \
    each(void *, SSL_CTX_new, (const void *))                                               \
    each(int, SSL_CTX_use_certificate_chain_file, (void *, const char *))                   \
    each(int, SSL_CTX_use_PrivateKey_file, (void *, const char *, int))                     \
    each(int, SSL_CTX_load_verify_locations, (void *, const char *, const char *))          \
    each(void, SSL_CTX_set_verify, (void *, int, void *))                                   \
    each(void *, SSL_new, (void *))                                                         \
    each(int, SSL_set_fd, (void *, int))                                                    \
    each(int, SSL_accept, (void *))                                                         \
    each(int, SSL_pending, (const void *))                                                  \
    each(int, SSL_read, (void *, void *, int))                                              \
    each(int, SSL_write, (void *, const void *, int))                                       \
    each(int, SSL_shutdown, (void *))                                                       \
    each(void, SSL_free, (void *))

#define POINTER(type, name, arguments) static type(*p_##name) arguments;
FUNCTIONS(POINTER)

static int is_loaded;

static void load(void) {
    void *library = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
    if (!library) return;
#define LOOK_UP(type, name, arguments) \
    if (!(p_##name = (type(*) arguments)dlsym(library, #name))) return;
    FUNCTIONS(LOOK_UP)
    is_loaded = 1;
}

typedef struct {
    void *settings;
    int listener, backend;
} server;

typedef struct {
    void *settings;
    int client, backend;
} visit;

static struct sockaddr_in here(int port) {
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int write_all(int socket, const char *bytes, ssize_t count) {
    while (count > 0) {
        ssize_t done = send(socket, bytes, count, MSG_NOSIGNAL);
        if (done <= 0) return 0;
        bytes += done, count -= done;
    }
    return 1;
}

static void carry(void *tls, int client, int inside) {
    char bytes[16384];
    for (;;) {
        struct pollfd ready[2] = {{client, POLLIN, 0}, {inside, POLLIN, 0}};
        if (!p_SSL_pending(tls) && poll(ready, 2, -1) < 0) return;
        if (p_SSL_pending(tls) || ready[0].revents) {
            int count = p_SSL_read(tls, bytes, sizeof bytes);
            if (count <= 0 || !write_all(inside, bytes, count)) return;
        } else if (ready[1].revents) {
            ssize_t count = recv(inside, bytes, sizeof bytes, 0);
            if (count <= 0 || p_SSL_write(tls, bytes, (int)count) <= 0) return;
        }
    }
}

static void *serve(void *argument) {
    visit v = *(visit *)argument;
    free(argument);
    // A client that is gone must not end the tests.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, NULL);
    void *tls = p_SSL_new(v.settings);
    p_SSL_set_fd(tls, v.client);
    if (p_SSL_accept(tls) == 1) {
        int inside = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        struct sockaddr_in address = here(v.backend);
        if (!connect(inside, (struct sockaddr *)&address, sizeof address)) carry(tls, v.client, inside);
        close(inside);
        p_SSL_shutdown(tls);
    }
    // What the client still sends is read, or the system would throw away our last word.
    shutdown(v.client, SHUT_WR);
    char rest[4096];
    while (recv(v.client, rest, sizeof rest, 0) > 0) continue;
    p_SSL_free(tls);
    close(v.client);
    return NULL;
}

static void *listen_on(void *argument) {
    server s = *(server *)argument;
    free(argument);
    for (int client; (client = accept4(s.listener, NULL, NULL, SOCK_CLOEXEC)) >= 0;) {
        visit *v = malloc(sizeof *v);
        *v = (visit){s.settings, client, s.backend};
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, v)) abort();
        pthread_detach(thread);
    }
    close(s.listener);
    return NULL;
}

int tls_server_start(const char *certificate, const char *key, const char *authority, int backend, int *port) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    if (!is_loaded) return -1;
    void *settings = p_SSL_CTX_new(p_TLS_server_method());
    if (p_SSL_CTX_use_certificate_chain_file(settings, certificate) != 1) return -1;
    if (p_SSL_CTX_use_PrivateKey_file(settings, key, 1) != 1) return -1;
    if (authority) {
        if (p_SSL_CTX_load_verify_locations(settings, authority, NULL) != 1) return -1;
        p_SSL_CTX_set_verify(settings, 3, NULL);
    }
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = here(0);
    socklen_t length = sizeof address;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 64)) return -1;
    getsockname(listener, (struct sockaddr *)&address, &length);
    *port = ntohs(address.sin_port);
    server *s = malloc(sizeof *s);
    *s = (server){settings, listener, backend};
    pthread_t thread;
    if (pthread_create(&thread, NULL, listen_on, s)) return -1;
    pthread_detach(thread);
    return listener;
}

// Wakes accept; the thread closes the descriptor.
void tls_server_stop(int listener) { shutdown(listener, SHUT_RDWR); }
