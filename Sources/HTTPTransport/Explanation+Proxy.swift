// SPDX-License-Identifier: MIT
import CCurl
import HTTP

extension Explanation {
    /// What went wrong before a proxy's tunnel stood; `nil`: nothing of the proxy's.
    func tunnel(_ failure: Failure) -> TransportError? {
        guard options.proxy != nil, !failure.wasBegun else { return nil }
        switch failure.tunnelStatus {
        case 0 where isProxySecured && failure.code == CURLE_PEER_FAILED_VERIFICATION:
            return proxy("shows a certificate that does not verify")
        case 0 where isProxySecured && failure.code == CURLE_SSL_CONNECT_ERROR:
            return proxy("agrees on no secure connection; it may be http:// instead of https://")
        case 0, 200..<300: return nil
        case 407: return proxyWantsSignIn
        case 403, 405: return proxyForbids
        case 502, 503, 504: return proxyFails
        default: return proxy("refused to connect to \(name)")
        }
    }

    func socks(_ refusal: CURLproxycode) -> TransportError {
        switch refusal {
        case CURLPX_REPLY_NOT_ALLOWED: proxyForbids
        case CURLPX_NO_AUTH, CURLPX_USER_REJECTED: proxyWantsSignIn
        case CURLPX_REPLY_CONNECTION_REFUSED, CURLPX_REPLY_HOST_UNREACHABLE, CURLPX_REPLY_NETWORK_UNREACHABLE,
            CURLPX_REPLY_TTL_EXPIRED, CURLPX_REPLY_GENERAL_SERVER_FAILURE, CURLPX_RESOLVE_HOST:
            proxyFails
        case CURLPX_BAD_VERSION: proxy("does not speak SOCKS")
        default: proxy("refused to connect to \(name)")
        }
    }

    private var proxyForbids: TransportError { proxy("does not allow anybody to connect to \(name) through it") }
    private var proxyFails: TransportError { proxy("does not reach \(name)") }

    private var isProxySecured: Bool {
        options.proxy.flatMap { try? ProxyAddress($0) }?.scheme == "https"
    }

    var proxyWantsSignIn: TransportError { proxy("wants a user and a password, or refuses those it got") }

    func proxy(_ what: String) -> TransportError {
        let proxy = options.proxy.flatMap { try? ProxyAddress($0) }
        let address = proxy.map { "\($0.host):\($0.port)" } ?? ""
        return TransportError(.proxy, "The proxy \(address) \(what).", surelyNotSent: true)
    }
}
