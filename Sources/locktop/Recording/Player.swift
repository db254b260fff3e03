// SPDX-License-Identifier: MIT
import Dashboard
import FoundationEssentials
import Locks

/// Plays a recording to the screen: by a clock of its own, which stands still, or runs faster than ours. It has nothing
/// that could reach a server.
final class Player: Backstage {
    private static let speeds: [Double] = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024]

    private let recording: Recording
    private let mailbox: Mailbox
    private let errands: Errands
    private var site = RecordedSite()
    private var next = 0
    private var speed = 1.0
    private var isPaused = false
    /// A moment of the recording, and when it was shown.
    private var anchor: (recorded: Date, shown: ContinuousClock.Instant)
    private var news: [(event: Event, at: Date)] = []

    init(_ recording: Recording, mailbox: Mailbox) {
        self.recording = recording
        self.mailbox = mailbox
        errands = Errands(mailbox)
        anchor = (recording.start, .now)
    }

    func start() {
        anchor.shown = .now
        report()
    }

    func stop() { errands.stop() }

    private var isOver: Bool { next >= recording.entries.count }

    var now: Date {
        guard !isPaused, !isOver else { return anchor.recorded }
        return anchor.recorded.addingTimeInterval(anchor.shown.duration(to: .now) / .seconds(1) * speed)
    }

    func takeNews() -> [(event: Event, at: Date)] {
        if !isPaused {
            let (time, before) = (now, next)
            while !isOver, recording.entries[next].at <= time { play() }
            if isOver, before < next { stand(at: recording.end) }
            if before < next { report() }
        }
        let arranged = mailbox.drain().map { ($0, now) }
        defer { news = [] }
        return news + arranged
    }

    func wake(for turn: Date) -> ContinuousClock.Instant? {
        guard !isPaused, !isOver else { return nil }
        let due = min(turn, recording.entries[next].at)
        return anchor.shown.advanced(by: .seconds(due.timeIntervalSince(anchor.recorded) / speed))
    }

    func run(_ effect: Effect) {
        switch effect {
        case .replay(let order):
            obey(order)
            report()
        case .arrange, .export, .stopExport: errands.run(effect) { _, _ in "" }
        default: break
        }
    }

    func webAddress(of ref: ItemRef, path: String) -> String? { nil }

    // MARK: Playing

    private func obey(_ order: ReplayOrder) {
        switch order {
        case .pause:
            stand(at: now)
            isPaused.toggle()
        case .faster, .slower:
            stand(at: now)
            let faster = order == .faster
            speed = (faster ? Self.speeds.first { $0 > speed } : Self.speeds.last { $0 < speed }) ?? speed
        case .step:
            isPaused = true
            guard !isOver else { return }
            stand(at: recording.entries[next].at)
            play()
        case .nextConflict: goToConflict()
        case .start:
            site = RecordedSite()
            next = 0
            stand(at: recording.start)
            news.append((.rewound, recording.start))
        case .end:
            while !isOver { play() }
            stand(at: recording.end)
        }
    }

    private func goToConflict() {
        guard let place = recording.entries[next...].firstIndex(where: { $0.event.conflict != nil }) else {
            news.append((.notice("No conflict comes after this.", isError: false), now))
            return
        }
        isPaused = true
        while next <= place { play() }
        let entry = recording.entries[place]
        stand(at: entry.at)
        if let ref = entry.event.conflict { news.append((.halted(ref), entry.at)) }
    }

    /// Shows the next line at its own time.
    private func play() {
        let entry = recording.entries[next]
        next += 1
        if let update = entry.event.update {
            news.append((.update(site.take(update)), entry.at))
        } else if let look = entry.event.look {
            news.append((.looked(look.outlook), entry.at))
        } else if let result = entry.event.ended?.result {
            news.append((.waited(result), entry.at))
        } else {
            news.append((.tick, entry.at))
        }
    }

    private func stand(at time: Date) { anchor = (time, .now) }

    private func report() {
        let phase: Replay.Phase = isOver ? .over : isPaused ? .paused : .playing
        let replay = Replay(
            phase: phase, speed: speed, played: next, count: recording.entries.count, lack: recording.lack)
        news.append((.replayed(replay), now))
    }
}
