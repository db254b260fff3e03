// SPDX-License-Identifier: MIT
public import HTTP

/// How an answer leaves the server.
public enum Delivery: Sendable {
    /// At once and whole.
    case whole(Response)
    /// In pieces of so many bytes, with a pause after each.
    case dripping(Response, bytes: Int, pause: Duration)
    /// Not at all: the connection is closed.
    case dropped
    /// Not at all: the connection stays open until the client gives up or the server stops.
    case never
}
