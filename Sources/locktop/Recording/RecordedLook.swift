// SPDX-License-Identifier: MIT
import Dashboard

extension RecordedLook {
    /// What of an outlook is written down.
    init(_ outlook: Outlook, _ veil: Veil?) {
        self.init(
            view: outlook.view, filter: veil == nil ? outlook.filter : nil, sort: outlook.sort,
            descending: outlook.isDescending, group: outlook.group, columns: outlook.columns,
            strip: outlook.showsEvents)
    }

    /// How the rows are looked at by it.
    var outlook: Outlook {
        Outlook(
            view: view, filter: filter ?? "", sort: sort, isDescending: descending, group: group, columns: columns,
            showsEvents: strip)
    }
}
