// SPDX-License-Identifier: MIT
#ifndef CNETWORKPROBE_H
#define CNETWORKPROBE_H

/// Listens on a port of 127.0.0.1 that the system picks, and carries what comes there in a TLS connection to `backend`,
/// a port that speaks plain text. A connection whose handshake fails never reaches it.
/// - authority: whose certificates are asked of clients; NULL: none is asked for.
/// - Returns a descriptor that ends it when it is given to tls_server_stop; -1 where it can't be set up.
int tls_server_start(
    const char *_Nonnull certificate, const char *_Nonnull key, const char *_Nullable authority, int backend,
    int *_Nonnull port);
void tls_server_stop(int listener);

/// How many sockets of this process are connected to that port, and how many of them its children would inherit.
int sockets_to(int port, int *_Nonnull inherited);

/// Names that end in `.slow.test` are looked up for as long as names_hold says, by whatever library of this process.
void names_hold(void);
void names_release(void);
/// How many such look-ups wait.
int names_waiting(void);

#endif
