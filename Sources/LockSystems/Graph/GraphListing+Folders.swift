// SPDX-License-Identifier: MIT
import Locks

/// Listing folder by folder.
extension GraphListing {
    func children(of place: Place, in drive: GraphDrive) async throws -> Part {
        let what = folderName(place, drive)
        let page: GraphPage<GraphItem>
        let target: String
        do {
            if let next = place.next {
                (page, target) = (try await site.get(next, what, as: GraphPage<GraphItem>.self), next)
            } else {
                (page, target) = try await first(
                    folderAddress(place, drive) + "?$select=\(await selection(drive))", what)
            }
        } catch let error as LockError where error.isAboutOne {
            let isStart = place.folder == nil
            // A folder may go while the listing runs, and a path need not be on every drive.
            if error.code == .gone, !isStart { return Part() }
            if error.code == .gone, !startPath.isEmpty, try await drives.all().count > 1 { return Part() }
            return isStart ? try await without(error, what) : Part(page: lacking(site.errors.leftOut(what, error)))
        }
        let base = place.folder == nil ? place.path + startPath : place.path
        var files: [(GraphItem, String)] = []
        var part = Part()
        let (next, trouble) = next(page, on: target, what, in: drive)
        if let next {
            var rest = place
            rest.next = next
            rest.folder = place.folder ?? "root"
            rest.path = base
            part.more.append(rest)
        }
        let deepest = site.profile.selection.depth ?? .max
        for item in page.value where !item.isDeleted && !item.isRemote {
            let path = base + "/" + (item.name ?? item.id)
            if item.file != nil {
                files.append((item, path))
            } else if let folder = item.folder {
                remember(path, of: item.id, isFolder: true, in: drive)
                guard folder.childCount != 0, place.depth < deepest else { continue }
                part.more.append(Place(drive: drive.id, folder: item.id, path: path, depth: place.depth + 1))
            }
        }
        part.page.rows = try await rows(files, in: drive)
        part.page.lacks = trouble ?? complaint(page, what)
        return part
    }

    private var startPath: String {
        (site.profile.selection.path ?? "").split(separator: "/").map { "/" + $0 }.joined()
    }

    private func folderAddress(_ place: Place, _ drive: GraphDrive) -> String {
        if let folder = place.folder { return drive.path(of: folder) + "/children" }
        let encoded = startPath.split(separator: "/").map { GraphSite.path(String($0)) }.joined()
        return drive.path + (encoded.isEmpty ? "/root/children" : "/root:\(encoded):/children")
    }

    private func folderName(_ place: Place, _ drive: GraphDrive) -> String {
        "/" + drive.name + (place.folder == nil ? startPath : place.path)
    }
}
