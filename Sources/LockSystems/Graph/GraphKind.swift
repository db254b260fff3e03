// SPDX-License-Identifier: MIT
import Locks

extension GraphSystem {
    /// What this kind of server is called, what its configuration knows, and how one is made.
    public static let kind = SystemKind(
        name: "Microsoft Graph", options: options, standardAddress: "https://graph.microsoft.com",
        leastPoll: { _ in 15 }, operations: allOperations,
        listing: "`GET …/root/delta` or `…/children`, 200 a request, with who has them checked out",
        calls: [
            .lock: "POST …/lock", .refresh: "POST …/lock", .unlock: "POST …/releaseLock",
            .checkOut: "POST …/checkout", .checkIn: "POST …/checkin", .discard: "POST …/discardCheckout",
        ],
        login: { said in
            if let token = said.secrets["token"] { return .token(token) }
            guard let clientID = said.values.text("client_id") else { return .anonymous }
            guard said.values.text("flow") == "client_credentials", let secret = said.secrets["client_secret"] else {
                return .code(clientID: clientID)
            }
            return .program(clientID: clientID, secret: secret)
        },
        signs: signs,
        make: { GraphSystem($0) })
}
