// SPDX-License-Identifier: MIT
#ifndef CKERBEROS_H
#define CKERBEROS_H

#include <stddef.h>

/// What came of asking for a token.
typedef enum {
    /// There is one.
    CK_READY,
    /// No GSS-API library is installed.
    CK_MISSING,
    /// Nobody has signed in to Kerberos here.
    CK_NO_TICKET,
    /// The sign-in has run out.
    CK_EXPIRED,
    /// The realm knows no such server.
    CK_UNKNOWN_SERVER,
    /// No server of the realm answers, or none is known.
    CK_NO_REALM,
    /// The clocks here and there differ by minutes.
    CK_CLOCK,
    /// Anything else.
    CK_FAILED,
} ck_result;

/// Makes the bytes that sign one request in to a web server, for the holder of the tickets. It may ask the realm's servers
/// over the network, and take as long as these make it wait.
/// @param cache where the tickets are; NULL: where the user's are.
/// @param token on CK_READY the bytes, to be freed; else NULL.
ck_result ck_token(
    const char *_Nonnull host, const char *_Nullable cache, unsigned char *_Nullable *_Nonnull token,
    size_t *_Nonnull count);

#endif
