// SPDX-License-Identifier: MIT
import CCurl
import HTTP

/// One request on one handle, on the network's thread.
@safe final class Transfer {
    let order: Order
    let easy: UnsafeMutableRawPointer
    private(set) var deadline: ContinuousClock.Instant

    private let began = ContinuousClock.now
    private let options: NetworkOptions
    private let listener: UnsafeMutablePointer<cc_listener>
    private let complaint: UnsafeMutablePointer<CChar>
    private var headers: UnsafeMutablePointer<curl_slist>?
    private var answer: AnswerReader
    private var wasBegun = false
    /// What was wrong with a certificate that is looked at once more.
    private var failure: Failure?

    /// Sets the handle up; what it is told to send is all that it sends.
    init(_ order: Order, _ options: NetworkOptions, on easy: UnsafeMutableRawPointer) {
        self.order = order
        self.options = options
        unsafe self.easy = unsafe easy
        deadline = order.deadline
        answer = AnswerReader(limit: options.maximumBytes, hasBody: order.request.method != "HEAD")
        unsafe listener = .allocate(capacity: 1)
        unsafe complaint = .allocate(capacity: Int(CURL_ERROR_SIZE))
        unsafe complaint.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        unsafe listener.initialize(
            to: cc_listener(
                context: Unmanaged.passUnretained(self).toOpaque(),
                line: { context, bytes, count in
                    unsafe Transfer.at(context).answer.read(line: UnsafeRawBufferPointer(start: bytes, count: count))
                },
                body: { context, bytes, count in
                    unsafe Transfer.at(context).answer.read(body: UnsafeRawBufferPointer(start: bytes, count: count))
                },
                begin: { context in unsafe Transfer.at(context).begin() }))
        prepareWay()
        prepareRequest()
    }

    deinit {
        unsafe cc_list_free(headers)
        unsafe listener.deallocate()
        unsafe complaint.deallocate()
    }

    private static func at(_ context: UnsafeMutableRawPointer) -> Transfer {
        unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }

    /// Called before each sending. libcurl repeats a request by itself when a kept connection dies under it: a reading
    /// may go again, anything else must not, nor what would come with a ticket that was shown before.
    private func begin() -> Bool {
        defer { wasBegun = true }
        answer.startAnew()
        return !wasBegun || (order.request.purpose == .read && !options.signsInByTicket)
    }
}

extension Transfer {
    private func prepareWay() {
        unsafe cc_easy_prepare(easy, listener)
        unsafe cc_set_error_text(easy, complaint)
        unsafe cc_set_text(easy, CURLOPT_URL, order.request.url)
        set(CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(min(options.connectTimeout / .milliseconds(1), 1e9))))
        set(CURLOPT_MAXAGE_CONN, max(1, Int(min(options.idleTimeout / .seconds(1), 1e6))))
        if options.insecureTLS {
            set(CURLOPT_SSL_VERIFYPEER, 0)
            set(CURLOPT_SSL_VERIFYHOST, 0)
        }
        if let file = options.caFile {
            set(CURLOPT_CAINFO, file)
            // Or the system's authorities stay trusted beside it.
            set(CURLOPT_CAPATH, nil)
        } else {
            if let file = options.systemCAFile { set(CURLOPT_CAINFO, file) }
            if let folder = options.systemCAFolder { set(CURLOPT_CAPATH, folder) }
        }
        if let certificate = options.clientCertificate {
            set(CURLOPT_SSLCERT, certificate)
            set(CURLOPT_SSLKEY, options.clientKey ?? certificate)
        }
        if let proxy = options.proxy.flatMap({ try? ProxyAddress($0) }) {
            let host = proxy.host.contains(":") ? "[\(proxy.host)]" : proxy.host
            set(CURLOPT_PROXY, "\(proxy.scheme)://\(host):\(proxy.port)")
            if let file = options.systemCAFile { set(CURLOPT_PROXY_CAINFO, file) }
            if let folder = options.systemCAFolder { set(CURLOPT_PROXY_CAPATH, folder) }
            if case .basic(let user, let password)? = proxy.credentials {
                set(CURLOPT_PROXYUSERNAME, user)
                set(CURLOPT_PROXYPASSWORD, password)
            }
        }
    }

    private func prepareRequest() {
        let request = order.request
        if let body = request.body {
            unsafe body.withUnsafeBytes {
                unsafe cc_set_body(easy, $0.baseAddress ?? UnsafeRawPointer(listener), $0.count)
            }
        } else if request.method == "HEAD" {
            set(CURLOPT_NOBODY, 1)
        } else if !["GET", "DELETE", "OPTIONS"].contains(request.method) {
            unsafe cc_set_body(easy, listener, 0)
        }
        set(CURLOPT_CUSTOMREQUEST, request.method.rawValue)
        // What people work with goes over a connection of its own, used once, and by the protocol in which a request is
        // bound to its connection: then no kept connection can die under it, and nobody can wonder whether it arrived.
        if request.purpose != .read {
            set(CURLOPT_FRESH_CONNECT, 1)
            set(CURLOPT_FORBID_REUSE, 1)
            set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        }
        if request.headers["Accept-Encoding"] == nil { set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate") }
        for line in request.headerLines { unsafe headers = unsafe cc_list_append(headers, line) ?? headers }
        unsafe cc_set_headers(easy, headers)
    }

    private func set(_ option: CURLoption, _ number: Int) { unsafe cc_set_number(easy, option, number) }
    private func set(_ option: CURLoption, _ text: String?) { unsafe cc_set_text(easy, option, text) }
}

extension Transfer {
    /// What came of it, when libcurl is through with it.
    func result(_ code: CURLcode) -> Result<Response, any Error> {
        if let failure { return .failure(explanation.error(for: failure, expiry: expiry)) }
        if let fault = answer.fault { return .failure(explanation.error(for: fault)) }
        // An answer that is cut off inside its head counts for a success there.
        guard code == CURLE_OK, answer.isHeadWhole else {
            return .failure(explanation.error(for: self.failure(code)))
        }
        if answer.response.status == 407, options.proxy != nil {
            return .failure(explanation.proxyWantsSignIn)
        }
        if Redirect.addsSlash(answer.response, to: order.request) {
            return .failure(explanation.addsSlash(to: order.request))
        }
        var response = answer.response
        response.took = .now - began
        return .success(response)
    }

    /// What came of it, when its time is up.
    func late() -> Result<Response, any Error> {
        if let failure { return .failure(explanation.error(for: failure)) }
        let failure = failure(CURLE_OPERATION_TIMEDOUT)
        return .failure(explanation.error(for: failure))
    }

    /// What came of it, when the transport is closed under it.
    var lost: TransportError { explanation.error(for: failure(CURLE_RECV_ERROR)) }

    /// Whether the certificate has to be seen to say what is wrong: libcurl tells that it has expired, not when.
    func wantsLook(after code: CURLcode) -> Bool {
        guard failure == nil, code == CURLE_PEER_FAILED_VERIFICATION else { return false }
        return unsafe cc_number(easy, CURLINFO_SSL_VERIFYRESULT) == CertificateFault.hasExpired
    }

    /// Connects once more, to look at the certificate: ended before a byte of a request is sent.
    func look() {
        failure = failure(CURLE_PEER_FAILED_VERIFICATION)
        deadline = min(deadline, .now + .seconds(3))
        unsafe cc_easy_reset(easy)
        prepareWay()
        unsafe cc_set_look_only(easy)
    }

    private var expiry: String? {
        var index: Int32 = 0
        while let text = unsafe cc_certificate(easy, index, "Expire date") {
            let day = unsafe CertificateFault.day(String(cString: text))
            if let day, day.isPast { return day.text }
            index += 1
        }
        return nil
    }

    private var explanation: Explanation { Explanation(server: order.server, options: options) }

    private func failure(_ code: CURLcode) -> Failure {
        unsafe Failure(
            code: code, text: String(cString: complaint).lowercased(), wasBegun: wasBegun,
            isResolved: cc_time(easy, CURLINFO_NAMELOOKUP_TIME_T) > 0,
            isConnected: cc_time(easy, CURLINFO_CONNECT_TIME_T) > 0,
            systemError: Int32(truncatingIfNeeded: cc_number(easy, CURLINFO_OS_ERRNO)),
            tunnelStatus: cc_number(easy, CURLINFO_HTTP_CONNECTCODE),
            proxyRefusal: CURLproxycode(UInt32(truncatingIfNeeded: cc_number(easy, CURLINFO_PROXY_ERROR))),
            verdict: cc_number(easy, CURLINFO_SSL_VERIFYRESULT), encodings: answer.encodings)
    }
}
