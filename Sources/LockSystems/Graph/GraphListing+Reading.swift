// SPDX-License-Identifier: MIT
import HTTP
import Locks
import Synchronization

/// Reading items anew, and finding them.
extension GraphListing {
    func read(_ items: [Item]) async throws -> [ReadResult] {
        var results: [ReadResult] = []
        for start in stride(from: 0, to: items.count, by: Self.batchSize) {
            results += try await readBatch(Array(items[start..<min(items.count, start + Self.batchSize)]))
        }
        return results
    }

    private func readBatch(_ items: [Item]) async throws -> [ReadResult] {
        if items.count == 1 {
            do {
                let (drive, id) = try await address(of: items[0].id)
                let address = drive.path(of: id) + (await single(drive, of: items[0]))
                let wire = try await site.get(address, items[0].id, as: GraphItem.self)
                return [.success(await row(wire, of: items[0], in: drive))]
            } catch let error as LockError where error.isAboutOne {
                return [.failure(error)]
            }
        }
        var results = [ReadResult?](repeating: nil, count: items.count)
        var asked: [(index: Int, drive: GraphDrive, path: String)] = []
        for (index, item) in items.enumerated() {
            do {
                let (drive, id) = try await address(of: item.id)
                asked.append((index, drive, drive.path(of: id) + (await single(drive, of: item))))
            } catch let error as LockError where error.isAboutOne {
                results[index] = .failure(error)
            }
        }
        let parts = asked.isEmpty ? [] : try await site.batch(asked.map(\.path), as: GraphItem.self)
        for (place, part) in zip(asked, parts) {
            results[place.index] = await result(part, of: items[place.index], in: place.drive)
        }
        return zip(items, results).map { $1 ?? .failure(unanswered($0)) }
    }

    private func unanswered(_ item: Item) -> LockError {
        LockError(.nonsense, "\(site.profile.name) did not answer for \(item.path).")
    }

    private func result(
        _ part: GraphBatchAnswer<GraphItem>.Part?, of item: Item, in drive: GraphDrive
    ) async -> ReadResult {
        guard let part else { return .failure(unanswered(item)) }
        if let wire = part.body { return .success(await row(wire, of: item, in: drive)) }
        if let failure = part.failure {
            return .failure(site.errors.voice.nonsense(failure, status: part.status, changing: false))
        }
        return .failure(
            site.errors.refusal(
                status: part.status, problem: part.problem, wait: nil, what: item.path, changing: false))
    }

    // Where the changes of the drive tell what becomes of names and places, only the locks are asked for.
    private func row(_ wire: GraphItem, of item: Item, in drive: GraphDrive) async -> Row {
        guard wire.name == nil, item.type == "file" else {
            return await row(wire, path(of: wire, in: drive), in: drive)
        }
        return Row(item: item, reading: await reading(wire, in: drive))
    }

    private func single(_ drive: GraphDrive, of item: Item? = nil) async -> String {
        let isFollowed = state.withLock { $0.deltas[drive.id] != nil }
        let isKnown = isFollowed && item?.type == "file"
        let locks = site.isBeta ? "id,publication,lockInfo,file" : "id,publication"
        let query = "?$select=\(isKnown ? locks : await selection(drive))"
        guard await column.isBelieved(drive) else { return query }
        return query + "&$expand=listItem($expand=fields($select=CheckoutUserLookupId))"
    }

    /// The drive and the item's id on it.
    func address(of id: String) async throws -> (GraphDrive, String) {
        guard let slash = id.firstIndex(of: "/"), slash != id.startIndex else {
            throw LockError(
                .gone, "\(id) names no item of \(site.profile.name).",
                advice: "Write DRIVE-ID/ITEM-ID, or the path: /DRIVE/FOLDER/FILE.")
        }
        return (try await drives.drive(String(id[..<slash])), String(id[id.index(after: slash)...]))
    }

    func item(_ id: String) async throws -> Row {
        let (drive, item) = try await address(of: id)
        let wire = try await site.get(drive.path(of: item) + (await single(drive)), id, as: GraphItem.self)
        return await row(wire, path(of: wire, in: drive), in: drive)
    }

    /// The item of that id or path.
    func find(_ name: String) async throws -> Row {
        guard name.hasPrefix("/") else {
            guard name.split(separator: "/").count == 2 else { return try await find("/" + name) }
            return try await item(name)
        }
        let levels = name.split(separator: "/").map(String.init)
        guard let first = levels.first, let drive = try await drives.all().first(where: { $0.name == first }) else {
            throw LockError(
                .gone, "\(site.profile.name) has no drive of the name \(levels.first ?? "").",
                advice: "The drives are: \(try await drives.all().map(\.name).joined(separator: ", ")).")
        }
        let rest = levels.dropFirst()
        let path = rest.isEmpty ? "/root" : "/root:" + rest.map { GraphSite.path($0) }.joined()
        let wire = try await site.get(drive.path + path + (await single(drive)), name, as: GraphItem.self)
        return await row(wire, rest.map { "/" + $0 }.joined(), in: drive)
    }
}
