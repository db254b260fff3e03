// SPDX-License-Identifier: MIT
import HTTP

/// A file or folder as Graph sends it. Facets are there only when they were selected. It can do without all but its id.
struct GraphItem: Sendable {
    /// What a folder says of itself.
    struct Folder: Sendable {
        var childCount: Int?
    }

    /// What a file says of itself. One page of the documents puts the beta lock in here.
    struct File: Decodable, Sendable {
        @IfReadable var lockInfo: GraphLockInfo? = nil
    }

    var id: String
    var name: String?
    var webUrl: String?
    var lastModifiedDateTime: String?
    /// The id of the folder in which it lies.
    var parent: String?
    /// That folder's path, where it is told.
    var parentPath: String?
    var file: File?
    var folder: Folder?
    var isDeleted = false
    var isRoot = false
    /// Whether it lies on another drive, and only a link to it is here.
    var isRemote = false
    /// Whether it is something like a notebook: neither a file nor a folder.
    var isPackage = false
    var publication: GraphPublication?
    var lockInfo: GraphLockInfo?
    /// The number by which SharePoint's list knows it.
    var listItemID: String?
    var listItem: GraphListItem?

    /// Whether it says what it is.
    var saysKind: Bool { file != nil || folder != nil || isDeleted || isRoot || isRemote || isPackage }
}

extension GraphItem: Decodable {
    enum CodingKeys: String, CodingKey {
        case id, name, webUrl, lastModifiedDateTime, parentReference, file, folder, deleted, root, remoteItem,
            publication
        case lockInfo, sharepointIds, listItem, package
    }

    private struct Parent: Decodable {
        @IfWord var id: String?
        @IfWord var path: String?
    }

    private struct ListNumbers: Decodable {
        @IfWord var listItemId: String?
    }

    init(from decoder: any Decoder) throws {
        let box = try decoder.container(keyedBy: CodingKeys.self)
        id = try box.decode(GraphWord.self, forKey: .id).text
        name = box.word(.name)
        webUrl = box.word(.webUrl)
        lastModifiedDateTime = box.word(.lastModifiedDateTime)
        let place = box.ifReadable(Parent.self, .parentReference)
        (parent, parentPath) = (place?.id, place?.path)
        // Presence alone says what an item is, whatever is in the facet.
        file = box.has(.file) ? box.ifReadable(File.self, .file) ?? File() : nil
        folder = box.has(.folder) ? box.ifReadable(Folder.self, .folder) ?? Folder() : nil
        (isDeleted, isRoot) = (box.has(.deleted), box.has(.root))
        (isRemote, isPackage) = (box.has(.remoteItem), box.has(.package))
        publication = box.ifReadable(GraphPublication.self, .publication)
        lockInfo = box.ifReadable(GraphLockInfo.self, .lockInfo)
        listItemID = box.ifReadable(ListNumbers.self, .sharepointIds)?.listItemId
        listItem = box.ifReadable(GraphListItem.self, .listItem)
    }
}

extension GraphItem.Folder: Decodable {
    private enum CodingKeys: String, CodingKey { case childCount }

    init(from decoder: any Decoder) throws {
        childCount = try decoder.container(keyedBy: CodingKeys.self).word(.childCount).flatMap { Int($0) }
    }
}
