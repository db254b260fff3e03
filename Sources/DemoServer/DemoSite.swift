// SPDX-License-Identifier: MIT

/// The made-up site: folders, sections and documents with titles as people write them.
enum DemoSite {
    private static let folders: [(id: String, title: String, subjects: [String])] = [
        ("docs", "Documents", ["Installation guide", "Release checklist", "Handbook chapter", "使用説明書"]),
        ("news", "News", ["Press release", "Neuigkeiten aus dem Hafen", "Interview", "港のお知らせ"]),
        ("legal", "Legal", ["Terms of delivery", "Überprüfung der Maßnahmen", "Contract", "Datenschutzerklärung"]),
        ("meetings", "Meetings", ["Meeting minutes", "議事録", "Ordre du jour", "Protokoll der Sitzung"]),
        ("finance", "Finance", ["Quarterly report", "Budget", "Relatório de gastos", "Résumé des dépenses"]),
        ("team", "Team", ["Holiday plan", "Onboarding", "Совещание отдела", "خطة العمل"]),
    ]

    private static let places = [
        "Rotterdam", "Ålesund", "São Paulo", "Reykjavík", "Łódź", "横浜", "Αθήνα", "Cork", "Đà Nẵng", "Zürich",
    ]

    /// Fills the site: sections of at most 25 documents (100 on large sites) in six folders.
    static func build(in book: LockBook, options: DemoOptions) {
        var random = SplitMix64(seed: options.seed ^ 0x517E)
        let present = book.now
        defer { book.now = present }
        let perSection = options.documents > 1000 ? 100 : 25
        let authors = book.people.values.filter { $0.roles.contains(.contributor) }.map(\.id).sorted()
        book.now = present - 400 * 86_400
        let parents = folders.map { folder in
            book.add(.folder, id: folder.id, title: folder.title, state: .published, to: book.root, by: "admin")
        }
        var sections: [String: Item] = [:]
        for number in 0..<options.documents {
            let kind = number % folders.count
            let section = number / folders.count / perSection + 1
            let key = "\(kind)-\(section)"
            if sections[key] == nil {
                let name = section < 10 ? "0\(section)" : String(section)
                sections[key] = book.add(
                    .folder, id: "section-\(name)", title: "Section \(section)", state: .published, to: parents[kind],
                    by: "admin")
            }
            guard let folder = sections[key] else { continue }
            book.now = present - random.between(3600, 300 * 86_400)
            addDocument(number, kind, to: folder, by: random.pick(authors) ?? "admin", in: book, &random)
        }
        book.now = present - 200 * 86_400
        addUnlockable(to: parents, in: book)
    }

    private static func addDocument(
        _ number: Int, _ kind: Int, to folder: Item, by author: String, in book: LockBook, _ random: inout SplitMix64
    ) {
        let subject = random.pick(folders[kind].subjects) ?? ""
        let place = random.pick(places) ?? ""
        var title = "\(subject), \(place)"
        if random.chance(0.05) { title += ": a rather long title, as real editors write them when nobody stops them" }
        if random.chance(0.05) { title += " 🔒" }
        let type: ItemType =
            switch folders[kind].id {
            case "news": .newsItem
            case "meetings" where random.chance(0.4): .event
            default: .document
            }
        let state: WorkflowState = random.chance(0.7) ? .published : random.chance(0.3) ? .pending : .private
        let slug = Self.slug(title)
        let item = book.add(
            type, id: "\(slug)-\(number + 1)", title: title, state: state, to: folder, by: author)
        item.description = "\(folders[kind].title), number \(number + 1)"
        item.published = state == .published ? book.now : nil
    }

    private static func addUnlockable(to parents: [Item], in book: LockBook) {
        for (index, parent) in parents.enumerated() {
            let type: ItemType = [.file, .image, .link][index % 3]
            book.add(
                type, id: "\(parent.id)-\(type.rawValue.lowercased())", title: "\(parent.title), \(type.rawValue)",
                state: .published, to: parent, by: "admin")
        }
    }
}
