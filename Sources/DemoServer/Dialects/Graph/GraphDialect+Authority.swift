// SPDX-License-Identifier: MIT
import HTTP

/// A code that waits for a person to confirm it.
struct GraphCode {
    let application: String
    let scope: String
    let expires: Double
    let userCode: String
    var polls = 0
    /// Who has confirmed it on the page.
    var confirmedBy: String?
}

extension GraphDialect {
    /// Whose token a request carries; `nil` when there is none, or it has run out.
    func grant(of call: Call) -> GraphGrant? {
        guard let header = call.headers["Authorization"], header.lowercased().hasPrefix("bearer "),
            let grant = grants[String(header.dropFirst(7))], grant.expires > book.now
        else { return nil }
        return grant
    }

    /// The host where one signs in: `/{tenant}/oauth2/v2.0/devicecode` and `…/token`.
    func authority(_ call: Call) -> Response {
        guard call.method == "POST", call.segments[2] == "v2.0" else { return Response(status: 404) }
        let form = Call(Request("GET", "http://x/?" + String(decoding: call.body, as: UTF8.self)))
        guard let client = form.value("client_id"), !client.isEmpty else {
            return oauthError("invalid_request", 900_144, "The request body must contain: 'client_id'.")
        }
        switch call.segments[3] {
        case "devicecode": return deviceCode(client, form, call)
        case "token": return token(client, form)
        default: return Response(status: 404)
        }
    }

    private func deviceCode(_ client: String, _ form: Call, _ call: Call) -> Response {
        let code = secret("GMM")
        let letters = Array("BCDFGHJKLMNPQRSTVWXZ23456789")
        let user = String((0..<9).map { _ in letters[random.below(letters.count)] })
        codes[code] = GraphCode(
            application: client, scope: form.value("scope") ?? "", expires: book.now + 900, userCode: user)
        let page = "\(call.origin)/device"
        let message =
            "To sign in, use a web browser to open the page \(page) and enter the code \(user) to authenticate."
        return .oauth([
            "user_code": .string(user), "device_code": .string(code), "verification_uri": .string(page),
            "expires_in": 900, "interval": .int(switches.pollInterval), "message": .string(message),
        ])
    }

    /// The page where a person types the code: `POST` with `user_code` and `user` confirms it.
    func devicePage(_ call: Call) -> Response {
        let form = Call(Request("GET", "http://x/?" + String(decoding: call.body, as: UTF8.self)))
        var text = "Enter the code that your program shows."
        var status = 200
        if call.method == "POST" {
            let found = codes.first { $0.value.userCode == form.value("user_code") && $0.value.expires > book.now }
            if let found, let person = form.value("user"), book.people[person].map({ !$0.isDeleted }) ?? false {
                codes[found.key]?.confirmedBy = person
                text = "You have signed in. Close this window."
            } else {
                (status, text) = (400, "That code did not work. Check the code and try again.")
            }
        }
        let field = "<input name=\"user_code\"><input name=\"user\"><button>Next</button>"
        let page =
            "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>\(text)</p><form method=\"post\">\(field)</form></body></html>\n"
        return Response(status: status, headers: ["Content-Type": "text/html;charset=utf-8"], body: Array(page.utf8))
    }

    private func token(_ client: String, _ form: Call) -> Response {
        switch form.value("grant_type") {
        case "urn:ietf:params:oauth:grant-type:device_code": return confirmed(client, form)
        case "refresh_token":
            guard let old = form.value("refresh_token"), let kept = refreshes.removeValue(forKey: old),
                kept.application == client, book.people[kept.person].map({ !$0.isDeleted }) ?? false
            else { return oauthError("invalid_grant", 70_008, "The refresh token has expired or was revoked.") }
            return tokens(for: kept.person, client, scope: form.value("scope") ?? "")
        case "client_credentials":
            guard form.value("client_secret") == Self.clientSecret else {
                return oauthError("invalid_client", 7_000_215, "Invalid client secret provided.", status: 401)
            }
            return tokens(for: nil, client, scope: "Files.ReadWrite.All Sites.Read.All")
        default:
            return oauthError("unsupported_grant_type", 70_003, "The app requested an unsupported grant type.")
        }
    }

    private func confirmed(_ client: String, _ form: Call) -> Response {
        let text = form.value("device_code") ?? ""
        guard var code = codes[text], code.application == client else {
            return oauthError("bad_verification_code", 70_018, "The verification code is not known.")
        }
        code.polls += 1
        codes[text] = code
        if code.expires <= book.now { return oauthError("expired_token", 70_019, "The code is expired.") }
        if switches.slowsFirstPoll, code.polls == 1 { return oauthError("slow_down", 0, "Polling too fast.") }
        if let person = code.confirmedBy {
            codes[text] = nil
            return tokens(for: person, client, scope: code.scope)
        }
        switch switches.confirmation {
        case .declines: return oauthError("authorization_declined", 70_017, "The user declined the request.")
        case .approves(let polls) where code.polls >= polls:
            codes[text] = nil
            return tokens(for: switches.operatorName, client, scope: code.scope)
        case .approves, .ignores:
            return oauthError(
                "authorization_pending", 70_016,
                "OAuth 2.0 device flow error. Authorization is pending. Continue polling.")
        }
    }

    private func tokens(for person: String?, _ client: String, scope: String) -> Response {
        let granted = scope.split(separator: " ").map { $0.split(separator: "/").last.map(String.init) ?? "" }
            .filter { !["offline_access", "openid", "profile", ".default"].contains($0) }
            .map { switches.grantsReadingOnly ? $0.replacing("ReadWrite", with: "Read") : $0 }.joined(separator: " ")
        let lifetime = max(1, options.tokenLifetime)
        var claims: JSON = [
            "appid": .string(client), "idtyp": person == nil ? "app" : "user",
            "exp": .int(Int(book.now + lifetime)),
        ]
        if let person {
            claims = claims.adding([
                .init(key: "oid", value: .string(Self.objectID(person))),
                .init(key: "name", value: .string(book.displayName(person))),
            ])
        }
        let access = "eyJ0eXAiOiJKV1QifQ.\(Base64.url(claims.encoded(.compact))).\(secret(""))"
        grants[access] = GraphGrant(
            person: person, application: client, scope: granted, expires: book.now + lifetime)
        var body: JSON = [
            "token_type": "Bearer", "expires_in": .int(Int(lifetime)), "ext_expires_in": .int(Int(lifetime)),
            "access_token": .string(access),
        ]
        guard let person else { return .oauth(body) }
        body = body.adding([.init(key: "scope", value: .string(granted))])
        if scope.contains("offline_access") {
            let refresh = secret("AwAB")
            refreshes[refresh] = (person, client)
            body = body.adding([.init(key: "refresh_token", value: .string(refresh))])
        }
        return .oauth(body)
    }

    private func secret(_ start: String) -> String {
        start + Base64.url((0..<24).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    private func oauthError(_ word: String, _ number: Int, _ text: String, status: Int = 400) -> Response {
        // Not a time of any standard: a blank stands for the T.
        let time = String(CivilTime(unix: book.now).iso.prefix(19)).replacing("T", with: " ") + "Z"
        guard number > 0 else { return .oauth(["error": .string(word), "error_description": .string(text)], status) }
        let trace = "0000aaaa-11bb-cccc-dd22-eeeeee333333"
        let correlation = "aaaa0000-bb11-2222-33cc-444444dddddd"
        return .oauth(
            [
                "error": .string(word),
                "error_description":
                    .string(
                        "AADSTS\(number): \(text)\r\nTrace ID: \(trace)\r\nCorrelation ID: \(correlation)\r\nTimestamp: \(time)"
                    ),
                "error_codes": [.int(number)], "timestamp": .string(time), "trace_id": .string(trace),
                "correlation_id": .string(correlation),
            ], status)
    }
}

extension Response {
    fileprivate static func oauth(_ body: JSON, _ status: Int = 200) -> Response {
        Response(
            status: status, headers: ["Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-store"],
            body: body.encoded(.compact))
    }
}
