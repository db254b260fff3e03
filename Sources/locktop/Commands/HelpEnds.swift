// SPDX-License-Identifier: MIT

// One place for all, so that the same thing is said in the same words. The tests run what is written here.

extension Locktop: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop demo", "locktop ls --state stale"],
        exits: HelpEnd.Exit.operation + [.interrupted])
}

extension Watch: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop watch state:held older:2h", "locktop watch --read-only path:/news"],
        exits: HelpEnd.Exit.reading)
}

extension Demo: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop demo --documents 5 --scenario conflict", "locktop demo --documents 20 --seed 7"],
        exits: [.done, .usage, .init(code: 69, meaning: "the port is taken")])
}

extension List: Exemplified {
    static let helpEnd = HelpEnd(
        examples: [
            "locktop ls --state held --sort held:desc", "locktop ls holder:bob path:/news --json",
        ], exits: HelpEnd.Exit.reading)
}

extension Show: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop show intranet:/news/agm", "locktop show /news/agm --json"],
        exits: HelpEnd.Exit.reading + [.nothing])
}

extension LockItems: Exemplified {
    static let helpEnd = HelpEnd(
        examples: [
            "locktop lock intranet:/news/agm --timeout 1h --comment 'the minutes'",
            "locktop lock /news/launch --wait=10m -- echo 'it is mine now'",
        ],
        exits: HelpEnd.Exit.operation + [
            .interrupted, .init(code: 126, meaning: "COMMAND may not be run"),
            .init(code: 127, meaning: "there is no such COMMAND; else its own code is passed on"),
        ])
}

extension Refresh: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop refresh intranet:/news/agm", "locktop refresh /news/agm --dry-run"],
        exits: HelpEnd.Exit.operation)
}

extension Unlock: Exemplified {
    static let helpEnd = HelpEnd(
        examples: [
            "locktop unlock intranet:/news/agm",
            "locktop unlock --force /news/launch --expect-holder bob --reason 'on leave' --yes",
        ], exits: HelpEnd.Exit.operation)
}

extension CheckOut: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop check-out intranet:/news/autumn", "locktop check-out /news/autumn --json"],
        exits: HelpEnd.Exit.operation)
}

extension CheckIn: Exemplified {
    static let helpEnd = HelpEnd(
        examples: [
            "locktop check-in intranet:/news/autumn -m 'proof-read'", "locktop check-in /news/autumn --dry-run",
        ],
        exits: HelpEnd.Exit.operation)
}

extension Discard: Exemplified {
    static let helpEnd = HelpEnd(
        examples: [
            "locktop discard intranet:/news/autumn", "locktop discard --force /news/autumn --reason 'she left' --yes",
        ], exits: HelpEnd.Exit.operation)
}

extension MakePlan: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop plan unlock --force holder:bob > plan.json", "locktop plan lock path:/legal > plan.json"],
        exits: HelpEnd.Exit.reading)
}

extension Apply: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop apply plan.json --dry-run", "locktop apply plan.json --yes --reason 'bob left'"],
        exits: [
            .wished, .init(code: 1, meaning: "rows were skipped, or failed for different or other reasons"), .usage,
            .unreachable, .held, .signIn, .init(code: 78, meaning: "the configuration or the plan is wrong"),
        ])
}

extension Events: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop events holder:bob --for 1h --json", "locktop events --until-free intranet:/news/agm"],
        exits: [.done, .nothing, .usage, .unreachable, .signIn, .configuration, .interrupted])
}

extension PlayRecording: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop replay monday.ndjson", "locktop replay monday.ndjson path:/news"],
        exits: [.done, .usage, .init(code: 78, meaning: "it is no recording, or one of a newer version")])
}

extension Check: Exemplified {
    static let helpEnd = HelpEnd(
        examples: [
            "locktop check --warn-age 2h --crit-age 8h", "locktop check --crit-held 20 path:/news",
        ],
        exits: [
            .init(code: 0, meaning: "OK"), .init(code: 1, meaning: "WARNING"), .init(code: 2, meaning: "CRITICAL"),
            .init(code: 3, meaning: "UNKNOWN: a server, the sign-in, the configuration or the command line"),
        ])
}

extension Metrics: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop metrics --once > locktop.prom", "locktop metrics --listen 127.0.0.1:9618"],
        exits: [
            .init(code: 0, meaning: "printed, also where a server does not answer"), .usage,
            .init(code: 69, meaning: "the address is taken"), .configuration, .interrupted,
        ])
}

extension History: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop history --ours --since 7d", "locktop history intranet:/news/agm --json"],
        exits: [.done, .init(code: 1, meaning: "the store can't be read"), .usage, .configuration])
}

extension Servers: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop servers", "locktop servers --server intranet --json"], exits: HelpEnd.Exit.reading)
}

extension Add: Exemplified {
    static let helpEnd = HelpEnd(
        examples: [
            "locktop add https://intranet.example.org --user admin --password-env INTRANET_PASSWORD --yes",
            "locktop add news https://admin@intranet.example.org/news --password-file ~/.secrets/intranet --yes",
        ],
        exits: [
            .init(code: 0, meaning: "added"), .init(code: 1, meaning: "the question was answered with no"), .usage,
            .unreachable,
            .init(code: 75, meaning: "the configuration was changed meanwhile, or the server asks to be left alone"),
            .init(code: 77, meaning: "the sign-in is refused"),
            .init(code: 78, meaning: "the configuration is wrong or can't be changed, or it is another kind of server"),
            .interrupted,
        ])
}

extension Remove: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop remove intranet --yes", "locktop remove intranet --config config.yaml --yes"],
        exits: [
            .init(code: 0, meaning: "taken out"), .init(code: 1, meaning: "the question was answered with no"), .usage,
            .init(code: 75, meaning: "the configuration was changed meanwhile"),
            .init(code: 78, meaning: "the configuration is wrong or can't be changed"), .interrupted,
        ])
}

extension Login: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop login intranet", "locktop login intranet < password.txt"], exits: HelpEnd.Exit.reading)
}

extension Logout: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop logout intranet", "locktop logout intranet --config config.yaml"],
        exits: [.done, .usage, .configuration])
}

extension Config: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop config check", "locktop config example > example.yaml"],
        exits: [.done, .usage, .configuration])
}

extension Config.Check: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop config check", "locktop config check --config config.yaml"],
        exits: [.init(code: 0, meaning: "it is right"), .usage, .configuration])
}

extension Config.Path: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop config path", "cat \"$(locktop config path)\""], exits: [.done, .usage, .configuration])
}

extension Config.Example: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop config example", "locktop config example > example.yaml"], exits: [.done, .usage])
}

extension Completion: Exemplified {
    static let helpEnd = HelpEnd(
        examples: ["locktop completion bash > locktop.bash", "locktop completion fish > locktop.fish"],
        exits: [.done, .usage])
}
