// SPDX-License-Identifier: MIT
import CCurl

/// What libcurl tells of a transfer that failed.
struct Failure {
    let code: CURLcode
    /// Its own words, in lower case: to tell cases apart, never to show.
    let text: String
    let wasBegun: Bool
    let isResolved: Bool
    let isConnected: Bool
    let systemError: Int32
    /// What the proxy answered to CONNECT; 0: there was none.
    let tunnelStatus: Int
    /// What a SOCKS proxy refused, or where it failed.
    let proxyRefusal: CURLproxycode
    /// OpenSSL's word on the certificate.
    let verdict: Int
    let encodings: [String]
}
