// SPDX-License-Identifier: MIT
import AsyncHTTPClient
import HTTP
import NIOCore
import NIOHTTP1
import Synchronization

/// Collects one answer and stops reading at the limit.
final class AnswerReader: HTTPClientResponseDelegate {
    private let limit: Int
    private let server: WebAddress
    private let answer = Mutex(Response(status: 0))

    init(limit: Int, server: WebAddress) {
        self.limit = limit
        self.server = server
    }

    func didReceiveHead(task: HTTPClient.Task<Response>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        let announced = head.headers.first(name: "Content-Length").flatMap { Int($0) } ?? 0
        guard announced <= limit else { return task.eventLoop.makeFailedFuture(tooLarge) }
        var headers = Headers()
        for (name, value) in head.headers { headers.add(name, value) }
        if ["gzip", "deflate"].contains(headers["Content-Encoding"]?.lowercased()) {
            // They tell of the body on the wire, not of the one handed over.
            headers["Content-Encoding"] = nil
            headers["Content-Length"] = nil
        }
        let answerHead = Response(status: Int(head.status.code), headers: headers)
        answer.withLock { answer in
            answer = answerHead
            answer.body.reserveCapacity(announced)
        }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<Response>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        let fits = answer.withLock { answer in
            guard answer.body.count + buffer.readableBytes <= limit else { return false }
            answer.body.append(contentsOf: buffer.readableBytesView)
            return true
        }
        return fits ? task.eventLoop.makeSucceededVoidFuture() : task.eventLoop.makeFailedFuture(tooLarge)
    }

    func didFinishRequest(task: HTTPClient.Task<Response>) throws -> Response {
        answer.withLock { $0 }
    }

    private var tooLarge: TransportError { Explanation.tooLarge(server, limit: limit) }
}
