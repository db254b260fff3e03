// SPDX-License-Identifier: MIT

/// Graph's error body. Every field may be missing, and the inner error is spelt in two ways.
struct GraphProblem: Decodable, Sendable {
    /// One level of it.
    final class Level: Decodable, Sendable {
        let code: String?
        let message: String?
        let inner: Level?

        enum CodingKeys: String, CodingKey { case code, message, innerError, innererror }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            code =
                (try? values.decodeIfPresent(String.self, forKey: .code))
                ?? (try? values.decodeIfPresent(Int.self, forKey: .code)).map(String.init)
            message = try? values.decodeIfPresent(String.self, forKey: .message)
            let spelt = try? values.decodeIfPresent(Level.self, forKey: .innerError)
            inner = spelt ?? (try? values.decodeIfPresent(Level.self, forKey: .innererror))
        }
    }
    var error: Level?

    /// All codes, the outermost first.
    var codes: [String] {
        sequence(first: error) { $0?.inner }.prefix { $0 != nil }.compactMap { $0?.code }.filter { !$0.isEmpty }
    }
    var text: String { error?.message ?? "" }
}
