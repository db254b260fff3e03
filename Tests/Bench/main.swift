// SPDX-License-Identifier: MIT
import Glibc

// The program measures itself with a second process of its own where a client must not share the server's threads.
if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "--read-singly" {
    exit(Waiting.wait { await SingleReads.run(address: CommandLine.arguments[2], list: CommandLine.arguments[3]) })
}
if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "--press-keys",
    let rows = Int(CommandLine.arguments[2]), let keys = Int(CommandLine.arguments[3])
{
    print(KeysAlone.press(rows: rows, keys: keys))
    exit(0)
}
let usage = """
    usage: locktop-bench [--quick | --full] [--only STEP]

      --quick       a smaller office and fewer rounds: under three minutes
      --full        a million items too
      --only STEP   that step alone, by the name under which its time is told

    """
let known = ["--quick", "--full", "--only"]
for (index, word) in CommandLine.arguments.enumerated().dropFirst()
where !known.contains(word) && CommandLine.arguments[index - 1] != "--only" {
    print(usage, terminator: "")
    exit(word == "--help" || word == "-h" ? 0 : 64)
}
let isFull = CommandLine.arguments.contains("--full")
let isQuick = CommandLine.arguments.contains("--quick")
let only = CommandLine.arguments.firstIndex(of: "--only").flatMap { CommandLine.arguments.dropFirst($0 + 1).first }
exit(Bench(isFull: isFull, isQuick: isQuick, only: only).run())
