// SPDX-License-Identifier: MIT

/// A list in an answer of which an element that can't be read costs itself only, never the list.
///
/// An element decides itself how much it can do without: what it needs to be told apart by, it decodes strictly; for
/// all else there is `IfReadable`.
public struct Lossy<Element: Decodable>: Decodable {
    /// What could be read, in the answer's order.
    public let elements: [Element]
    /// Why the others could not.
    public let failures: [MalformedAnswer]

    /// Reads what can be read; only what is no list at all throws.
    public init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        var elements: [Element] = []
        var failures: [MalformedAnswer] = []
        while !list.isAtEnd {
            switch try list.decode(Attempt.self).result {
            case .success(let element): elements.append(element)
            case .failure(let failure): failures.append(failure)
            }
        }
        self.elements = elements
        self.failures = failures
    }

    // A list goes on only behind an element that was read: this one always is.
    private struct Attempt: Decodable {
        let result: Result<Element, MalformedAnswer>

        init(from decoder: any Decoder) {
            do {
                result = .success(try Element(from: decoder))
            } catch let error as DecodingError {
                result = .failure(JSONBody.explain(error))
            } catch {
                result = .failure(MalformedAnswer(.otherShape, "In the answer an element can't be read."))
            }
        }
    }
}

extension Lossy: Sendable where Element: Sendable {}

extension KeyedDecodingContainer {
    /// The value of a field that one can do without: `nil` where it is missing, null or of another type.
    public func ifReadable<Value: Decodable>(_ type: Value.Type, _ key: Key) -> Value? {
        try? decodeIfPresent(type, forKey: key)
    }
}

/// A field that its object can do without: `nil` where it is missing, null or of another type. With it the rest of an
/// answer's shape needs no reading by hand.
@propertyWrapper
public struct IfReadable<Value: Decodable>: Decodable {
    /// What could be read.
    public var wrappedValue: Value?

    /// What a test or a program puts there itself.
    public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

    /// Reads it if it can be; never throws.
    public init(from decoder: any Decoder) { wrappedValue = try? Value(from: decoder) }
}

extension IfReadable: Sendable where Value: Sendable {}

extension KeyedDecodingContainer {
    /// What the compiler's own reading of an object asks for such a field: one that is missing is `nil`, too.
    public func decode<Value>(_ type: IfReadable<Value>.Type, forKey key: Key) -> IfReadable<Value> {
        IfReadable(wrappedValue: ifReadable(Value.self, key))
    }
}

/// A part of an answer that is told, or of which can only be said what is wrong with it.
public struct Told<Value: Decodable>: Decodable {
    /// What it says.
    public let value: Value?
    /// Why it can't be read, as a sentence.
    public let fault: String?

    /// What was found out in another way.
    public init(value: Value) { (self.value, fault) = (value, nil) }

    /// Reads it, or says why not.
    public init(from decoder: any Decoder) throws {
        do {
            (value, fault) = (try Value(from: decoder), nil)
        } catch let error as DecodingError {
            (value, fault) = (nil, JSONBody.sentence(error))
        }
    }
}

extension Told: Sendable where Value: Sendable {}
