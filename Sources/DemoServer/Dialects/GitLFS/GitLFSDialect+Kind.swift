// SPDX-License-Identifier: MIT

extension DialectKind {
    /// A repository with Git LFS.
    public static let gitlfs = DialectKind(
        rawValue: "gitlfs", serverName: "assets", path: "/harbour/office.git", rootName: "office", hasCheckOut: false,
        locksExpire: false, entry: { _ in DemoEntry() }, make: { GitLFSDialect(book: $0, options: $1) })
}

extension DemoOptions {
    /// What differs between one host of Git LFS and another.
    public var gitLFS: GitLFSOptions {
        get { quirks(GitLFSOptions()) }
        set { set(newValue) }
    }
}
