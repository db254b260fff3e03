// SPDX-License-Identifier: MIT

/// What something on the screen is there for. How it looks is the theme's affair: nothing else names a colour.
public enum Role: Hashable, Sendable {
    /// What is simply read.
    case text
    /// A heading.
    case title
    /// What stands back: rules, what can't be done.
    case faint
    /// What was read too long ago to be taken for the present.
    case old
    /// A row that this account has.
    case mine
    /// A row that somebody else has.
    case others
    /// A row whose lock nobody is likely to be using.
    case stale
    /// A row that nobody has.
    case free
    /// A row of which nothing is known.
    case unknown
    /// All is well.
    case good
    /// What this program did.
    case ours
    /// What is to be heeded: somebody lost a lock, a part is lacking.
    case warning
    /// What can't be overlooked, and is not wrong: a protected server.
    case banner
    /// What went wrong.
    case error
    /// What went wrong and can't be overlooked.
    case alarm
    /// A box that takes something from somebody.
    case danger
    /// What the program says of itself.
    case message
    /// A line to type in.
    case input
    /// What has the focus, the active tab, what the next key would act on.
    case chosen
    /// A server's name, in the colour that its configuration gives it.
    case server(String)

    /// All of them but the servers'.
    public static let plain: [Role] = [
        .text, .title, .faint, .old, .mine, .others, .stale, .free, .unknown, .good, .ours, .warning, .banner, .error,
        .alarm, .danger, .message, .input, .chosen,
    ]
}
