// SPDX-License-Identifier: MIT
import HTTP

extension GraphDialect {
    private static let largestBatch = 20

    /// Several calls in one: each is answered, charged and throttled on its own, and they come back in another order.
    func batch(_ visit: GraphVisit) throws(GraphFailure) -> Response {
        guard visit.call.method == "POST", let body = try? JSON(reading: visit.call.body),
            let parts = body["requests"]?.elements, !parts.isEmpty
        else { throw GraphFailure(status: 400, code: "BadRequest", message: "Invalid batch payload format.") }
        guard parts.count <= Self.largestBatch else {
            throw GraphFailure(
                status: 400, code: "BadRequest",
                message: "Number of batch request steps exceeds the maximum value of 20.")
        }
        let ids = parts.compactMap { $0["id"]?.text?.lowercased() }
        guard Set(ids).count == parts.count else {
            throw GraphFailure(status: 400, code: "BadRequest", message: "Request id must be unique.")
        }
        var answers: [JSON] = []
        for (index, part) in parts.enumerated() {
            let response = index + 1 == switches.throttledPart ? refuse(throttled) : answer(part, visit)
            answers.append(json(response, id: part["id"]?.text ?? ""))
        }
        return .graph(["responses": .array(answers.reversed())])
    }

    private func refuse(_ failure: GraphFailure) -> Response {
        var response = Response.graph(failure.body(switches, now: book.now), status: failure.status)
        for field in failure.headers.fields { response.headers.add(field.name, field.value) }
        return response
    }

    private func answer(_ part: JSON, _ visit: GraphVisit) -> Response {
        let method = part["method"]?.text ?? ""
        let url = part["url"]?.text ?? ""
        var headers: Headers = [:]
        for field in part["headers"]?.fields ?? [] { headers[field.key] = field.value.text }
        if part["body"] != nil, headers["Content-Type"] == nil {
            return refuse(GraphFailure(status: 400, code: "BadRequest", message: "Content-Type header is required."))
        }
        let path = url.hasPrefix("/") ? url : "/" + url
        let request = Request(
            Method(rawValue: method), "\(visit.call.origin)/\(visit.version)\(path)", headers: headers,
            body: part["body"].map { $0.encoded(.compact) })
        return answer(Call(request), grant: visit.grant)
    }

    private func json(_ response: Response, id: String) -> JSON {
        var fields: [JSON.Field] = [
            .init(key: "id", value: .string(id)), .init(key: "status", value: .int(response.status)),
            .init(
                key: "headers",
                value: .object(response.headers.fields.map { .init(key: $0.name, value: .string($0.value)) })),
        ]
        if !response.body.isEmpty {
            fields.append(.init(key: "body", value: (try? JSON(reading: response.body)) ?? .null))
        }
        return .object(fields)
    }
}
