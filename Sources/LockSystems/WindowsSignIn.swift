// SPDX-License-Identifier: MIT
import HTTP
import Locks

/// A web server that lets in only who signs in as Windows does: no password in the configuration helps there.
enum WindowsSignIn {
    /// The refusal of such a server in words; `nil` where another way is open.
    /// - Parameter takesTickets: whether a Kerberos ticket could be shown there.
    static func refusal(_ response: Response, server: String, takesTickets: Bool = false) -> LockError? {
        guard response.status == 401 else { return nil }
        let schemes = response.headers.all("WWW-Authenticate").joined(separator: ",").split(separator: ",")
            .compactMap { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map(String.init) }
            .filter { !$0.contains("=") }
        let windows = schemes.filter { ["negotiate", "ntlm", "kerberos"].contains($0.lowercased()) }
        guard !windows.isEmpty, windows.count == schemes.count else { return nil }
        var names: [String] = []
        for name in windows.map(known) where !names.contains(name) { names.append(name) }
        if takesTickets, names.contains(where: { $0 != "NTLM" }) {
            return LockError(
                .notSignedIn,
                "\(server): the web server in front offers no Basic sign-in, only Windows' own "
                    + "(\(names.joined(separator: ", "))).",
                advice: "Run kinit, and set auth: {scheme: negotiate, user: NAME} in the configuration.")
        }
        return LockError(
            .notSignedIn,
            "\(server): the web server in front offers no Basic sign-in, only Windows' own "
                + "(\(names.joined(separator: ", "))), which this program does not speak.",
            advice: "Set url to an address that is reached without it, or have Basic sign-in switched on there.")
    }

    private static func known(_ scheme: String) -> String {
        switch scheme.lowercased() {
        case "ntlm": "NTLM"
        case "kerberos": "Kerberos"
        default: "Negotiate"
        }
    }
}
