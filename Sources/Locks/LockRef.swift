// SPDX-License-Identifier: MIT

/// One lock of one item. Both are needed: on some servers two items that were locked in the same second have locks of
/// the same identity.
public struct LockRef: Hashable, Sendable {
    /// The item.
    public let item: ItemRef
    /// The lock.
    public let identity: LockIdentity

    /// A lock's full name.
    public init(item: ItemRef, identity: LockIdentity) {
        self.item = item
        self.identity = identity
    }
}
