// SPDX-License-Identifier: MIT
import HTTP

extension NickDialect {
    /// What leads on from a state, where it leads to, and who may.
    private static func transitions(
        from state: WorkflowState
    ) -> [(name: String, title: String, to: WorkflowState, roles: Roles)] {
        switch state {
        case .private:
            [
                ("publish", "Publish", .published, [.administrators, .reviewer]),
                ("submit", "Submit for publication", .pending, [.administrators, .editor, .contributor]),
            ]
        case .pending:
            [
                ("publish", "Publish", .published, [.administrators, .reviewer]),
                ("retract", "Retract", .private, [.administrators, .editor, .reviewer]),
            ]
        case .published: [("retract", "Retract", .private, [.administrators, .editor])]
        }
    }

    func workflow(_ visit: NickVisit) throws(NickFailure) -> Response {
        try need(.view, visit)
        let here = address(visit.item, visit.call) + "/@workflow"
        let state = visit.item.state ?? .published
        let offered = Self.transitions(from: state).filter { may(visit.user, $0.roles) }
        return .nick([
            "@id": .string(here), "history": [],
            "state": ["id": .string(state.rawValue), "title": .string(state.title)],
            "transitions": .array(
                offered.map { ["@id": .string("\(here)/\($0.name)"), "title": .string($0.title)] }),
        ])
    }

    /// A step asks for no lock. Who may not take it is told so with 401, signed in or not.
    func step(_ name: String, _ visit: NickVisit) throws(NickFailure) -> Response {
        let all = Self.transitions(from: visit.item.state ?? .published)
        guard let step = all.first(where: { $0.name == name }), let user = visit.user, may(user, step.roles) else {
            throw .plain(401, "You are not authorization to access this resource.")
        }
        visit.item.state = step.to
        book.changed()
        steps[visit.item.uid, default: []].append(
            NickStep(name: name, title: step.title, author: user.id, state: step.to, time: book.now))
        return .nick([
            "action": .string(name), "actor": .string(user.id), "comments": "",
            "review_state": .string(step.to.rawValue), "time": .string(Self.seconds(book.now)),
            "title": .string(step.to.title),
        ])
    }

    private func may(_ person: Person?, _ roles: Roles) -> Bool { person?.roles.isDisjoint(with: roles) == false }
}
