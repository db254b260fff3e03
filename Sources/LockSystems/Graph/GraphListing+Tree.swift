// SPDX-License-Identifier: MIT
import Locks
import Synchronization

/// Listing the whole tree of a drive, flat.
extension GraphListing {
    func tree(_ place: Place, in drive: GraphDrive) async throws -> Part {
        let page: GraphPage<GraphItem>
        let target: String
        let (selection, what) = (await selection(drive), "the tree of \(drive.name)")
        if let next = place.next {
            (page, target) = (try await site.get(next, what, as: GraphPage<GraphItem>.self), next)
        } else {
            trees.begin(drive.id, isAgain: place.turns > 0)
            (page, target) = try await first(drive.path + "/root/delta?$select=\(selection)", what)
        }
        let files = page.value.filter { $0.file != nil && !$0.isDeleted }
        // The facet is not promised here: a page of files without any means that folders have to be walked.
        if !drive.isPersonal, !files.isEmpty, files.allSatisfy({ $0.publication == nil && $0.lockInfo == nil }) {
            return walkInstead(drive)
        }
        let (next, trouble) = next(page, on: target, "/" + drive.name, in: drive)
        let placed = trees.take(page.value, of: drive.id, isLast: next == nil) { folder in
            state.withLock { $0.paths[drive.id + "/" + folder] }
        }
        for root in page.value where root.isRoot { remember("", of: root.id, isFolder: true, in: drive) }
        for (id, path) in placed.folders { remember(path, of: id, isFolder: true, in: drive) }
        var part = Part(page: ItemPage(rows: try await rows(placed.files, in: drive)))
        part.page.revised = try await rows(placed.revised, in: drive)
        part.page.removed = placed.removed.map { drive.id + "/" + spelling($0, in: drive) }
        for (id, path) in placed.moved {
            remember(path, of: id, in: drive)
            part.page.moved[drive.id + "/" + spelling(id, in: drive)] = "/" + drive.name + path
        }
        part.page.lacks = trouble ?? complaint(page, "/" + drive.name)
        if next == nil, part.page.lacks == nil, let link = page.deltaLink.flatMap({ try? site.link($0, on: target) }) {
            // The link that is followed also tells what changed while this listing went on.
            state.withLock { state in
                guard state.deltas[drive.id]?.selection != selection else { return }
                state.deltas[drive.id] = Delta(link: link, selection: selection)
            }
        }
        if let next {
            var rest = place
            rest.next = next
            part.more = [rest]
        }
        return part
    }
}
