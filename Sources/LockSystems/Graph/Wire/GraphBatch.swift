// SPDX-License-Identifier: MIT
import HTTP

/// One part of a batch.
struct GraphBatchRequest: Encodable, Sendable {
    /// One request of it.
    struct Part: Encodable, Sendable {
        var id: String
        var method = "GET"
        var url: String
    }
    var requests: [Part]
}

/// The answers of a batch, in any order.
struct GraphBatchAnswer<Body: Decodable & Sendable>: Decodable, Sendable {
    /// One answer of it. A body that is no item is an error's.
    struct Part: Decodable, Sendable {
        let id: String
        let status: Int
        let headers: Headers
        let body: Body?
        /// Why there is no body although the status is a good one.
        let failure: String?
        let problem: GraphProblem?

        private enum CodingKeys: String, CodingKey { case id, status, headers, body }

        // A header's value is text for one server and a number for another.
        private struct Value: Decodable {
            let text: String?
            init(from decoder: any Decoder) { text = (try? GraphWord(from: decoder))?.text }
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            id = try values.decode(GraphWord.self, forKey: .id).text
            guard let status = values.word(.status).flatMap({ Int($0) }) else {
                throw DecodingError.dataCorruptedError(forKey: .status, in: values, debugDescription: "no number")
            }
            self.status = status
            headers = (values.ifReadable([String: Value].self, .headers) ?? [:]).reduce(into: Headers()) {
                if let text = $1.value.text { $0.add($1.key, text) }
            }
            guard (200..<300).contains(status) else {
                problem = values.ifReadable(GraphProblem.self, .body)
                (body, failure) = (nil, nil)
                return
            }
            problem = nil
            do {
                body = try values.decode(Body.self, forKey: .body)
                failure = nil
            } catch let error as DecodingError {
                (body, failure) = (nil, JSONBody.sentence(error))
            }
        }
    }
    let responses: [Part]

    private enum CodingKeys: String, CodingKey { case responses }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        responses = try box.decode(Lossy<Part>.self, forKey: .responses).elements
    }
}
