// SPDX-License-Identifier: MIT

/// Something that a simulated person does.
struct StoryAction: Hashable, Sendable {
    enum Deed: Hashable, Sendable {
        case lock(stealable: Bool)
        case refresh
        case save
        case release
        /// Takes somebody else's lock by force and makes an own one.
        case steal
        case checkOut
        case checkIn
        case discard
    }

    /// Seconds after the start.
    let time: Double
    let person: String
    let path: String
    let deed: Deed
}

/// A lock that is there already when the demo starts.
struct PrologueLock: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case edit(stealable: Bool)
        case program
        case checkOut
        /// A check-out whose working copy is gone but whose lock is still there.
        case orphanedCheckOut
    }

    let path: String
    let person: String
    let kind: Kind
    /// Seconds since it was made.
    let age: Double
    /// Seconds since it was last refreshed.
    let idle: Double
    let timeout: Int
}

/// Who can act, and on what.
struct Cast: Sendable {
    let people: [String]
    let paths: [String]
}

/// What the simulated people do, as a pure list in time: the same options and cast give the same story.
struct Story: Sendable {
    /// The locks at the start.
    private(set) var prologue: [PrologueLock] = []
    var random: SplitMix64
    let cast: Cast
    let tempo: Tempo
    private var queue: [Step] = []
    private var order = 0

    /// One person's next turn.
    struct Step: Sendable {
        let time: Double
        let order: Int
        let person: String
        /// The item the person works on; `nil` between two.
        let path: String?
        let turn: Turn
    }

    enum Turn: Hashable, Sendable {
        case begin, keep(Int), finish, copied
    }

    init(options: DemoOptions, cast: Cast) {
        self.cast = cast
        random = SplitMix64(seed: options.seed)
        tempo = Tempo(options.scenario, documents: cast.paths.count)
        guard !cast.people.isEmpty, !cast.paths.isEmpty else { return }
        prologue = makePrologue(options.scenario)
        for copy in 0..<tempo.hands {
            for person in cast.people.prefix(tempo.people) {
                plan(random.between(0, tempo.pause.upperBound) + Double(copy) * 0.1, person, nil, .begin)
            }
        }
    }

    /// The next action if it happens by then; `nil` when nothing more does.
    mutating func next(until time: Double) -> StoryAction? {
        while let index = queue.indices.min(by: { Self.isSooner(queue[$0], queue[$1]) }), queue[index].time <= time {
            let step = queue.remove(at: index)
            if let action = act(step) { return action }
        }
        return nil
    }

    private static func isSooner(_ one: Step, _ other: Step) -> Bool {
        (one.time, one.order) < (other.time, other.order)
    }

    private mutating func plan(_ time: Double, _ person: String, _ path: String?, _ turn: Turn) {
        order += 1
        queue.append(Step(time: time, order: order, person: person, path: path, turn: turn))
    }

    private mutating func act(_ step: Step) -> StoryAction? {
        guard step.turn != .begin else { return begin(step) }
        guard let path = step.path else { return nil }
        func action(_ deed: StoryAction.Deed) -> StoryAction {
            StoryAction(time: step.time, person: step.person, path: path, deed: deed)
        }
        switch step.turn {
        case .begin:
            return nil
        case .keep(let left):
            let next: Turn = left > 1 ? .keep(left - 1) : .finish
            plan(step.time + random.between(tempo.step.lowerBound, tempo.step.upperBound), step.person, path, next)
            return action(random.chance(0.5) ? .save : .refresh)
        case .finish:
            rest(step)
            return random.chance(tempo.forget) ? nil : action(.release)
        case .copied:
            rest(step)
            return action(random.chance(0.8) ? .checkIn : .discard)
        }
    }

    private mutating func begin(_ step: Step) -> StoryAction? {
        let choice = tempo.arena > 0 ? Array(cast.paths.prefix(tempo.arena)) : cast.paths
        guard let path = random.pick(choice) else { return nil }
        let later = step.time + random.between(tempo.step.lowerBound, tempo.step.upperBound)
        let deed: StoryAction.Deed
        if random.chance(tempo.copies) {
            deed = .checkOut
            plan(later + random.between(0, 4) * tempo.step.upperBound, step.person, path, .copied)
        } else {
            deed = random.chance(tempo.quarrel) ? .steal : .lock(stealable: !random.chance(tempo.stubborn))
            let turns = random.below(tempo.turns + 1)
            plan(later, step.person, path, turns == 0 ? .finish : .keep(turns))
        }
        return StoryAction(time: step.time, person: step.person, path: path, deed: deed)
    }

    private mutating func rest(_ step: Step) {
        let pause = random.between(tempo.pause.lowerBound, tempo.pause.upperBound)
        plan(step.time + pause, step.person, nil, .begin)
    }
}
