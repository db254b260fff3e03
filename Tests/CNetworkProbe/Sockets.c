// SPDX-License-Identifier: MIT
#include "CNetworkProbe.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>

int sockets_to(int port, int *inherited) {
    int count = 0;
    *inherited = 0;
    for (int descriptor = 0; descriptor < 4096; descriptor++) {
        struct sockaddr_in peer;
        socklen_t length = sizeof peer;
        if (getpeername(descriptor, (struct sockaddr *)&peer, &length)) continue;
        if (peer.sin_family != AF_INET || ntohs(peer.sin_port) != port) continue;
        count++;
        if (!(fcntl(descriptor, F_GETFD) & FD_CLOEXEC)) ++*inherited;
    }
    return count;
}
