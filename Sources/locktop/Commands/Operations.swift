// SPDX-License-Identifier: MIT
import ArgumentParser
import Locks

/// Begin my lock's time-out anew.
struct Refresh: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Begin my lock's time-out anew.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    func run() throws {
        try Run.command { [common, options] in
            try await Operate(options.assent, common).run(options.wish(.refresh), on: options.items)
        }
    }
}

/// Give a lock back, or end another's.
struct Unlock: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Give my lock back; with --force end another's.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Flag(help: "End another's lock.")
    var force = false

    func run() throws {
        try Run.command { [common, options, force] in
            var wish = options.wish(force ? .forceUnlock : .unlock)
            wish.mayTakeFromOthers = force
            return try await Operate(options.assent, common).run(wish, on: options.items)
        }
    }
}

/// Check items out.
struct CheckOut: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check items out.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    func run() throws {
        try Run.command { [common, options] in
            try await Operate(options.assent, common).run(options.wish(.checkOut), on: options.items)
        }
    }
}

/// Check items in.
struct CheckIn: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Check items in.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Option(name: [.customShort("m"), .long], help: "A remark for the version.")
    var comment: String?

    func run() throws {
        try Run.command { [common, options, comment] in
            var wish = options.wish(.checkIn)
            wish.comment = comment
            return try await Operate(options.assent, common).run(wish, on: options.items)
        }
    }
}

/// Undo check-outs.
struct Discard: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Undo check-outs; their changes are lost.")
    @OptionGroup var common: CommonOptions
    @OptionGroup var options: OperationOptions

    @Flag(help: "Also another's check-out.")
    var force = false

    func run() throws {
        try Run.command { [common, options, force] in
            var wish = options.wish(.discard)
            wish.mayTakeFromOthers = force
            return try await Operate(options.assent, common).run(wish, on: options.items)
        }
    }
}
