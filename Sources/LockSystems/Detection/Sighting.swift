// SPDX-License-Identifier: MIT
public import HTTP
public import Locks

/// What a kind of lock system found of itself at an address.
public struct Sighting: Sendable {
    /// The address for the configuration: the root of the site, whatever page of it was named; `nil` where the kind's
    /// own is meant.
    public var address: WebAddress?
    /// The folder below it that was named, as `items: {path}` takes it; `nil`: the root.
    public var path: String?
    /// What else the answers told, by the keys of the kind's configuration.
    public var values: OptionValues

    /// A sighting.
    public init(_ address: WebAddress?, path: String? = nil, values: OptionValues = OptionValues()) {
        self.address = address
        self.path = path
        self.values = values
    }
}
