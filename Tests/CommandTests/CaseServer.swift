// SPDX-License-Identifier: MIT
import CPseudoTerminal
import Dispatch
import FoundationEssentials
import Glibc
import Synchronization

/// A server on the loopback interface that answers as the `answers.jsonl` of a case says.
///
/// Each line is an object: `on`, a pattern for the beginning of "METHOD target" (the first match answers); `status`;
/// `headers`; `body` (JSON, text, or `hex:` bytes); `times` (only so often); `then` ("close" ends the connection),
/// `delay` seconds after the answer. What nothing matches is not there. In texts `@BASE@` and `@PORT@` stand for the
/// server, `@JWT:name@` for a token of that user that lasts, `@AGO:n@` for n seconds ago.
final class CaseServer: Sendable {
    struct Request: Sendable {
        var line: String
        var body: String
    }

    private struct Answer: Sendable {
        var on: String
        var status = 200
        var headers: [(String, String)] = []
        var body: [UInt8] = []
        var times = Int.max
        var pause: Double?
    }

    private struct State: Sendable {
        var answers: [Answer] = []
        var requests: [Request] = []
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    /// What was asked for by now.
    var requests: [Request] { state.withLock(\.requests) }
    /// The server's own address.
    var base: String { "http://127.0.0.1:\(port)" }

    init(answers text: String) throws {
        var port: Int32 = 0
        listener = unsafe cpt_listen(&port)
        self.port = Int(port)
        guard listener >= 0 else { throw CaseFault("no port is free: errno \(errno)") }
        let answers = try text.split(separator: "\n").map { try answer(AnyJSON.read(String($0))) }
        state.withLock { $0.answers = answers }
        let listener = listener
        Thread.start { [weak self] in
            while true {
                let connection = cpt_accept(listener)
                guard connection >= 0, let self else { return }
                Thread.start {
                    self.converse(connection)
                    close(connection)
                }
            }
        }
    }

    /// Ends listening.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    deinit { close(listener) }

    /// A text with everything filled in that the cases leave open.
    func fill(_ text: String) -> String {
        var text = text.replacing("@BASE@", with: base).replacing("@PORT@", with: "\(port)")
        let now = Int(Date().timeIntervalSince1970)
        text.replace(/"@AGO:(\d+)@"|@AGO:(\d+)@/) { match in
            "\(now - (Int(match.output.1 ?? match.output.2 ?? "") ?? 0))"
        }
        text.replace(/@JWT:([^@]*)@/) { match in
            let head = Self.part(#"{"alg": "HS256"}"#)
            return "\(head).\(Self.part(#"{"sub": "\#(match.output.1)", "exp": \#(now + 43_200)}"#)).c2ln"
        }
        return text
    }

    private static func part(_ text: String) -> String {
        let encoded = Data(text.utf8).base64EncodedString()
        return encoded.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func answer(_ json: AnyJSON) throws -> Answer {
        guard let on = json["on"]?.text else { throw CaseFault("an answer has no pattern") }
        _ = try Regex(on)
        var answer = Answer(on: on)
        answer.status = json["status"]?.number.map { Int($0) } ?? 200
        if case .object(let members) = json["headers"] {
            answer.headers = members.sorted { $0.key < $1.key }.map { ($0.key, $0.value.text ?? $0.value.line) }
        }
        if let text = json["body"]?.text {
            answer.body = text.hasPrefix("hex:") ? try Self.bytes(text.dropFirst(4)) : Array(text.utf8)
            if !text.hasPrefix("hex:") { answer.body = Array(fill(text).utf8) }
        } else if let body = json["body"] {
            answer.body = Array(fill(body.line).utf8)
            if !answer.headers.contains(where: { $0.0.lowercased() == "content-type" }) {
                answer.headers.append(("Content-Type", "application/json"))
            }
        }
        if let times = json["times"]?.number { answer.times = Int(times) }
        if json["then"]?.text == "close" { answer.pause = json["delay"]?.number ?? 0 }
        return answer
    }

    private static func bytes(_ hex: Substring) throws -> [UInt8] {
        let digits = Array(hex.filter { !$0.isWhitespace })
        return try stride(from: 0, to: digits.count - 1, by: 2).map { place in
            guard let byte = UInt8(String(digits[place...(place + 1)]), radix: 16) else {
                throw CaseFault("a body in hex is none")
            }
            return byte
        }
    }

    private func converse(_ connection: Int32) {
        var data: [UInt8] = []
        while let request = Self.read(connection, &data) {
            let answer = take(request)
            var head = "HTTP/1.1 \(answer.status) X\r\n"
            for (name, value) in answer.headers { head += "\(name): \(fill(value))\r\n" }
            head += "Content-Length: \(answer.body.count)\r\n\r\n"
            guard Self.send(connection, Array(head.utf8) + answer.body) else { return }
            if let pause = answer.pause {
                // What is asked next meanwhile is not read any more.
                var on = pollfd(fd: connection, events: 0, revents: 0)
                _ = unsafe poll(&on, 1, Int32(pause * 1_000))
                return
            }
        }
    }

    private func take(_ request: Request) -> Answer {
        state.withLock { state in
            state.requests.append(request)
            for index in state.answers.indices where state.answers[index].times > 0 {
                guard let pattern = try? Regex(state.answers[index].on),
                    (try? pattern.prefixMatch(in: request.line)) != nil
                else { continue }
                state.answers[index].times -= 1
                return state.answers[index]
            }
            return Answer(
                on: "", status: 404, headers: [("Content-Type", "application/json")],
                body: Array(#"{"type": "NotFound", "message": "nothing here"}"#.utf8))
        }
    }

    private static func read(_ connection: Int32, _ data: inout [UInt8]) -> Request? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = data.firstRange(of: end) {
                let head = String(decoding: data[..<range.lowerBound], as: UTF8.self)
                let length = head.firstMatch(of: /(?i)\r\ncontent-length: *(\d+)/).flatMap { Int($0.output.1) } ?? 0
                let start = range.upperBound
                guard data.count >= start + length else {
                    guard more(connection, &data) else { return nil }
                    continue
                }
                let body = String(decoding: data[start..<(start + length)], as: UTF8.self)
                data.removeFirst(start + length)
                let words = head.prefix { $0 != "\r\n" }.split(separator: " ").dropLast()
                return Request(line: words.joined(separator: " "), body: body)
            }
            guard more(connection, &data) else { return nil }
        }
    }

    private static func more(_ connection: Int32, _ data: inout [UInt8]) -> Bool {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(connection, $0.baseAddress, $0.count) }
        if count > 0 { data += chunk[..<count] }
        return count > 0
    }

    private static func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes {
                unsafe Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            start += count
        }
        return true
    }
}

/// A case that can't be played.
struct CaseFault: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

private enum Thread {
    // Reading from a connection blocks; the threads of the pool are too few for that.
    static func start(_ work: @escaping @Sendable () -> Void) {
        DispatchQueue(label: "case server").async(execute: work)
    }
}

extension AnyJSON {
    /// The value as JSON.
    var line: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let value): value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
        case .text(let value): Self.quoted(value)
        case .array(let values): "[" + values.map(\.line).joined(separator: ",") + "]"
        case .object(let members):
            "{"
                + members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.line }
                .joined(separator: ",") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
