// SPDX-License-Identifier: MIT
#define _GNU_SOURCE 1
#include "CPseudoTerminal.h"
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int make_pipe(int ends[2]) {
    /* Close-on-exec from the start, and above the standard three, so that no dup2 hits another end. */
    int raw[2];
    if (pipe2(raw, O_CLOEXEC) < 0) return errno;
    for (int i = 0; i < 2; i++) {
        ends[i] = fcntl(raw[i], F_DUPFD_CLOEXEC, 10);
        close(raw[i]);
        if (ends[i] < 0) return errno;
    }
    return 0;
}

int cpt_spawn(cpt_program *program, const char *path, char *const *arguments, char *const *environment,
              const char *directory, int closed) {
    *program = (cpt_program){.input = -1, .output = -1, .errors = -1, .exited = -1};
    int in[2], out[2], err[2];
    if (make_pipe(in) || make_pipe(out) || make_pipe(err)) return errno;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    int ends[3] = {in[0], out[1], err[1]};
    for (int file = 0; file < 3; file++) {
        if (closed & (1 << file)) posix_spawn_file_actions_addclose(&actions, file);
        else posix_spawn_file_actions_adddup2(&actions, ends[file], file);
    }
    /* Sockets of a server in this process would live on in the child, and never be seen to close. */
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    if (*directory) posix_spawn_file_actions_addchdir_np(&actions, directory);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int error = posix_spawn(&program->process, path, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    close(err[1]);
    if (error != 0) {
        close(in[1]);
        close(out[0]);
        close(err[0]);
        program->process = 0;
        return error;
    }
    program->input = in[1];
    program->output = out[0];
    program->errors = err[0];
    fcntl(in[1], F_SETFL, O_NONBLOCK);
    fcntl(out[0], F_SETFL, O_NONBLOCK);
    fcntl(err[0], F_SETFL, O_NONBLOCK);
    program->exited = (int)syscall(SYS_pidfd_open, program->process, 0);
    return program->exited < 0 ? errno : 0;
}

int cpt_wait_program(const cpt_program *program, int milliseconds) {
    struct pollfd on[3] = {{.fd = program->output, .events = POLLIN},
                           {.fd = program->errors, .events = POLLIN},
                           {.fd = program->exited, .events = POLLIN}};
    if (poll(on, 3, milliseconds) <= 0) return 0;
    return (on[0].revents || on[1].revents ? 1 : 0) | (on[2].revents ? 2 : 0);
}

int cpt_listen(int *port) {
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0) return -1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    if (bind(file, (struct sockaddr *)&address, length) < 0 || listen(file, 64) < 0
        || getsockname(file, (struct sockaddr *)&address, &length) < 0) {
        close(file);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return file;
}

int cpt_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC); }
