// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// What stands at an address where no lock system does, named for what it is, with what to do.
enum Stranger {
    /// The sentence.
    static func refusal(_ answer: Response, at address: WebAddress) -> LockError {
        if let windows = WindowsSignIn.refusal(answer, server: address.hostAndPort) { return windows }
        if let elsewhere = redirect(answer, at: address) { return elsewhere }
        if let failure = failure(answer, at: address) { return failure }
        let (what, advice) = name(answer)
        return LockError(
            .wrongSystem, "\(address) is no lock system that locktop knows: it is \(what).", advice: advice)
    }

    private static let look = "Give the address of the site itself, or say what it is: locktop add --kind KIND URL"

    private static func name(_ answer: Response) -> (what: String, advice: String) {
        if let product = product(answer) { return (product, look) }
        guard let page = WebPage(answer) else {
            let status = answer.status == 200 ? "" : " with status \(answer.status)"
            return ("a server that answers with \(answer.kind)\(status)", look)
        }
        if page.asksForPassword {
            return (
                "a sign-in page\(titled(page))",
                "Signing in on a page is for browsers: give the address of the interface behind it, or say what it is: "
                    + "locktop add --kind KIND URL"
            )
        }
        let status = (200..<300).contains(answer.status) ? "" : ", with status \(answer.status)"
        return ("a web page\(titled(page))\(status)", look)
    }

    private static func titled(_ page: WebPage) -> String {
        page.title.isEmpty ? "" : " with the title “\(page.title.prefix(60))”"
    }

    // MARK: Programs that are often met

    private struct Mark {
        let name: String
        var header: String?
        /// Words of the page, in small letters.
        var words: [String] = []
    }

    private static let welcomes = [
        ("apache2 debian default page", "an Apache web server"),
        ("apache2 ubuntu default page", "an Apache web server"),
        ("test page for the apache http server", "an Apache web server"),
        ("<h1>it works!</h1>", "an Apache web server"),
        ("<title>apache tomcat", "an Apache Tomcat"), ("welcome to nginx!", "an nginx web server"),
        ("<title>iis windows", "an IIS web server"), ("<title>iis7", "an IIS web server"),
        ("caddy works!", "a Caddy web server"), ("placeholder page</title>", "a web server"),
    ]

    private static let marks = [
        Mark(name: "a Grafana", words: ["<title>grafana</title>", "window.grafanabootdata"]),
        Mark(name: "a Jenkins", header: "X-Jenkins"),
        Mark(name: "a Confluence", header: "X-Confluence-Request-Time"),
        Mark(name: "a Jira", words: ["name=\"application-name\" content=\"jira\""]),
        Mark(name: "a GitLab", header: "X-Gitlab-Meta", words: ["content=\"gitlab\""]),
        Mark(name: "a Kibana", header: "kbn-name"),
        Mark(name: "a Prometheus", words: ["<title>prometheus time series"]),
        Mark(name: "a phpMyAdmin", words: ["<title>phpmyadmin"]),
        Mark(name: "a Proxmox", words: ["proxmox virtual environment</title>"]),
        Mark(name: "a Portainer", words: ["<title>portainer"]),
        Mark(name: "a print server (CUPS)", words: ["<title>home - cups", "<title>cups"]),
        Mark(name: "a Keycloak", words: ["<title>welcome to keycloak"]),
        Mark(name: "a WordPress", words: ["/wp-content/"]),
    ]

    /// What a squid says when a request is for itself.
    private static let askedItself = "ERR_INVALID"

    private static func product(_ answer: Response) -> String? {
        if answer.headers["X-Squid-Error"] != nil { return "a proxy (squid), which carries to other servers" }
        let page = WebPage(answer)
        let text = page?.text ?? ""
        if let welcome = welcomes.first(where: { text.contains($0.0) }) { return "the welcome page of \(welcome.1)" }
        for mark in marks {
            if mark.header.flatMap({ answer.headers[$0] }) != nil || mark.words.contains(where: text.contains) {
                return mark.name
            }
        }
        let generator = page?.generator.split { !($0.isLetter || $0.isNumber) }.first.map(String.init) ?? ""
        return generator.isEmpty ? nil : "a page that \(generator) has made"
    }

    // MARK: What stands before a server

    // A redirect that leads to another origin: those that stay were followed.
    private static func redirect(_ answer: Response, at address: WebAddress) -> LockError? {
        guard [301, 302, 303, 307, 308].contains(answer.status) else { return nil }
        let location = answer.headers["Location"] ?? ""
        let target = Redaction.location(location, from: address.description)
        let words = [
            "saml", "oauth", "openid", "adfs", "/cas/", "shibboleth", "sso", "login", "signin", "sign-in", "auth",
            "account", "keycloak", "okta", "wayf",
        ]
        if words.contains(where: location.lowercased().contains) {
            return LockError(
                .notSignedIn,
                "\(address) is behind a single sign-on: it sends to \(target), where one signs in with a browser.",
                advice:
                    "Give the address at which programs reach it, or sign in with a token: locktop add --kind KIND --token-env NAME URL"
            )
        }
        return LockError(
            .wrongSystem, "\(address) points \(target == "elsewhere" ? target : "to \(target)").",
            advice: "Give that address, if it is meant.")
    }

    private static func failure(_ answer: Response, at address: WebAddress) -> LockError? {
        let server = (answer.headers["Server"] ?? "").prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        let who = server.isEmpty ? "a proxy" : "a proxy (\(server))"
        if let word = answer.headers["X-Squid-Error"], !word.hasPrefix(Self.askedItself) {
            let deed = answer.status == 403 ? "does not let anybody through to it" : "could not get through to it"
            return LockError(
                .unreachable,
                "\(address) is not reached: a proxy (squid) on the way \(deed) and answers \(answer.status) itself.",
                advice: "Check http_proxy, https_proxy and no_proxy in the environment.")
        }
        switch answer.status {
        case 502, 503, 504:
            return LockError(
                .unreachable,
                "\(address) does not answer: \(who) stands there and says \(answer.status), for what is behind it is down.",
                advice: "Try again when the server runs.")
        case 407:
            return LockError(
                .unreachable, "A proxy on the way to \(address.hostAndPort) wants a sign-in.",
                advice: "Write it into http_proxy or https_proxy of the environment.")
        case 401:
            return LockError(
                .notSignedIn, "\(address) tells nobody what it is who is not signed in.",
                advice: "Say what it is and who you are: locktop add --kind KIND --user NAME URL")
        case 429:
            return LockError(
                .slowDown, "\(address) asks to be left alone: it answered 429.", advice: "Try again later.")
        default: return nil
        }
    }
}
