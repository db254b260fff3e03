// SPDX-License-Identifier: MIT

extension ReplayScript {
    /// The recordings of a running Nick. Its server was started anew before each group, as its limits tell.
    static let nick = ReplayScript(place: "nick-live", text: nickText, excluded: nickExcluded)

    private static let nickText = """
        + restart limited
        + folder lab/docs
        login-ok login-wrong-password login-unknown-user login-missing-password login-ok-below-a-path
        login-rate-limited login-rate-limited-other-forwarded-for
        login-renew-rate-limited
        + restart limited
        login-bad-json
        login-renew login-renew-anonymous login-empty-body login-empty-object login-without-content-type
        + restart limited
        login-form-content-type login-get login-password-number
        + account anonymous Anonymous
        login-system-user-anonymous login-user-without-fullname
        + restart limited
        login-bad-json-production login-empty-body-production

        + restart
        users-query-by-admin users-query-by-editor users-query-short-by-admin users-query-full-name-by-admin
        whoami-admin whoami-roles whoami-user whoami-user-anonymous whoami-user-other whoami-user-other-by-admin
        whoami-user-unknown-by-admin
        users-post users-post-by-editor users-post-existing users-post-short-password

        + restart
        + page lab/hidden private
        + page lab/pending pending
        + page lab/plain
        + page lab/ghosted
        + page lab/named
        auth-basic-private auth-anonymous-private auth-bearer-garbage-private auth-bearer-lower-case-word
        auth-editor-pending auth-editor-pending-post-lock auth-editor-private auth-no-role-private auth-reader-private
        auth-reviewer-pending-post-lock auth-token-forged-not-stored
        lock-webdav-method virtual-host
        not-found-below-private-anonymous private-child-anonymous
        unknown-endpoint-delete unknown-endpoint-get unknown-endpoint-patch unknown-endpoint-post unknown-endpoint-put

        + token first alice
        + as first
        renew-keeps-old-token-renew
        + wait 1
        + token second alice
        renew-keeps-old-token-old
        + as second
        renew-keeps-old-token-new
        + as first
        logout logout-again logout-anonymous logout-then-get-private logout-then-get-public
        + as second
        logout-other-token-lives
        + token third alice
        same-second-logout
        + as third
        same-second-after-logout

        + account ghost Ghost Editor
        + token ghost
        + as ghost
        deleted-user-lock-before
        + delete-account ghost
        deleted-user-get-public deleted-user-post-lock deleted-user-lock-stays
        + account temp Temp_One Editor
        + token temp
        + as temp
        renamed-user-lock-before
        + account temp Temp_Two Editor
        renamed-user-lock-after renamed-user-refresh
        + account temp Temp_Two
        demoted-user-post-again demoted-user-delete

        + wait 1
        + token alice
        + page lab/lang
        + POST /lab/lang/@lock alice
        language-de language-en language-fr-nl-q language-nl language-nl-en-q language-nl-forbidden
        language-nl-not-found language-nl-save language-nl-unlock language-none language-sv

        + restart
        + page lab/plain
        accept-html content-trailing-slash
        etag-get etag-if-none-match
        etag-if-none-match-no-cache
        + POST /lab/plain/@lock bob {"timeout":1}
        etag-if-none-match-after-lock
        + wait 3
        host-header-other forwarded-proto
        etag-lock-get etag-lock-if-none-match
        + restart
        + folder lab/docs
        + page lab/plain
        + POST /lab/plain/@lock bob {"timeout":1}
        etag-parent-get etag-parent-if-none-match
        + wait 3
        etag-parent-after-expiry
        + restart
        + page lab/l1
        + POST /lab/l1/@lock alice {"timeout":1} => a2e990ae-dd2a-4c75-a9a7-676cd06f01a4
        lock-delete-by-other-with-token lock-patch-by-other-with-token lock-post-by-reviewer-published
        + wait 3
        lock-delete-expired-by-other lock-delete-expired-by-owner
        + restart

        + page lab/l1
        lock-get-unlocked lock-get-unlocked-anonymous
        lock-post-anonymous lock-post-by-reader lock-post-by-contributor lock-patch-anonymous lock-patch-by-reader
        lock-delete-anonymous lock-delete-by-reader
        lock-post lock-get-by-owner lock-get-by-other lock-get-by-reader lock-get-anonymous
        lock-post-by-other-while-locked lock-post-by-other-force lock-post-by-admin-while-locked
        lock-patch-by-other-while-locked
        lock-delete-by-other lock-delete-by-other-force lock-delete-by-other-force-false lock-delete-by-admin-force
        lock-get-after-refused-deletes
        + wait 1
        lock-post-again-by-owner lock-post-again-by-owner-with-options
        lock-patch-refresh-by-owner lock-patch-refresh-with-timeout lock-patch-refresh-drops-options
        lock-delete-by-owner lock-get-after-delete-by-owner lock-post-by-other-after-delete-by-owner
        lock-delete-by-owner-force lock-get-after-delete-by-owner-force
        lock-patch-timeout-negative-release
        + wait 1
        lock-get-after-release lock-post-by-other-after-release
        + page lab/l2
        lock-delete-never-locked lock-delete-never-locked-force lock-patch-when-unlocked
        + page lab/l3
        lock-post-nonstealable lock-get-nonstealable-by-owner lock-get-nonstealable-by-other
        lock-delete-nonstealable-by-owner lock-delete-nonstealable-force-by-owner
        lock-delete-nonstealable-force-by-admin lock-get-nonstealable-after-deletes
        + page lab/l4
        lock-post-by-user-without-fullname
        + page lab/t-60
        lock-post-timeout-60 lock-get-timeout-60
        + page lab/t-string-3600
        lock-post-timeout-string-3600 lock-get-timeout-string-3600
        + page lab/t-text
        lock-post-timeout-text lock-get-timeout-text
        + page lab/t-object
        lock-post-timeout-object lock-get-timeout-object
        + page lab/t-true
        lock-post-timeout-true lock-get-timeout-true
        + wait 2
        lock-get-timeout-true-after-2-s
        + page lab/t-zero
        lock-post-timeout-zero lock-get-timeout-zero
        + page lab/t-null
        lock-post-timeout-null lock-get-timeout-null
        + page lab/t-empty
        lock-post-timeout-empty lock-get-timeout-empty
        + page lab/s-no
        lock-post-stealable-no lock-get-stealable-no
        + page lab/s-zero
        lock-post-stealable-zero lock-get-stealable-zero
        + page lab/s-true
        lock-post-stealable-true lock-get-stealable-true
        + page lab/exp
        lock-post-timeout-2-seconds
        + wait 2
        lock-get-at-created-plus-timeout
        + wait 1
        lock-get-after-expiry content-get-after-expiry lock-delete-after-expiry-by-other
        lock-post-by-other-after-expiry
        + page lab/b1
        lock-post-without-body
        + page lab/b2
        lock-post-without-content-type
        + page lab/b3
        lock-post-form-content-type
        + page lab/b4
        lock-post-charset-content-type
        + page lab/b5
        lock-post-json-suffix-content-type
        + page lab/b6
        lock-post-bad-json lock-post-json-null lock-post-json-text lock-get-after-bad-bodies lock-post-json-array
        + page lab/b7
        lock-post-latin1-charset
        + page lab/plain
        accept-none auth-basic-public auth-bearer-garbage-public auth-bearer-garbage-post-lock
        lock-trailing-slash lock-double-slash lock-upper-case lock-percent-encoded-at lock-head lock-options lock-put
        bad-percent-encoding not-found not-found-anonymous not-found-lock-get not-found-lock-post
        api-prefix-lock api-prefix-unknown
        working-copy-get working-copy-post
        + page lab/l5 private
        + page lab/carols private carol
        + folder lab/docs
        lock-post-private-by-editor lock-get-private-by-contributor lock-post-private-by-contributor
        lock-post-folder lock-post-own-document-by-contributor
        lock-post-site-root lock-get-site-root lock-post-site-root-by-editor-while-locked
        + page lab/t-negative
        lock-post-timeout-negative
        + wait 1
        lock-get-timeout-negative
        + page lab/t-fraction
        lock-post-timeout-fraction lock-get-timeout-fraction
        + page lab/t-huge
        lock-post-timeout-huge lock-get-timeout-huge
        + page lab/t-list
        lock-post-timeout-list lock-get-timeout-list
        + page lab/t-list2
        + POST /lab/t-list2/@lock alice {"timeout":[]}
        + page lab/t-string-1
        lock-post-timeout-string-1 lock-get-timeout-string-1
        + wait 2
        lock-get-timeout-string-1-after-2-s lock-get-timeout-list-after-2-s
        content-get-timeout-string
        + page lab/s-null
        lock-post-stealable-null lock-get-stealable-null
        + page lab/s-zero2
        + POST /lab/s-zero2/@lock alice {"stealable":0}
        lock-delete-force-stealable-zero-by-owner
        + page lab/s-extra
        lock-post-unknown-field
        + page lab/exp2
        + POST /lab/exp2/@lock alice {"timeout":1}
        + wait 3
        lock-patch-by-other-after-expiry

        + page lab/c1 private
        + POST /lab/c1/@workflow/publish admin
        + POST /lab/c1/@lock alice => b7126ac7-00f5-42b3-8506-2dcc29c4ed55
        content-get-locked-by-other content-get-locked-anonymous
        content-patch-locked-anonymous content-patch-locked-by-other-no-token content-patch-locked-by-reader-with-token
        content-patch-locked-by-self-no-token content-patch-locked-wrong-token content-patch-locked-token-in-brackets
        content-patch-0-9-mb content-patch-1-2-mb lock-post-too-large
        + wait 1
        content-patch-locked-with-token lock-get-after-content-patch
        + POST /lab/c1/@lock alice => 789d56ca-9e68-4e78-b3d7-ce1ad29320fe
        content-patch-locked-by-other-with-owners-token lock-get-after-patch-with-owners-token
        content-get-after-patch-with-owners-token history-after-patch-with-owners-token
        + POST /lab/c1/@lock alice => 11de7ceb-d84f-424d-9330-9a7531edef82
        content-patch-locked-empty-object lock-get-after-patch-empty-object
        + POST /lab/c1/@lock alice => 98f79104-d260-4a72-a887-01800eec1662
        content-patch-locked-no-body lock-get-after-patch-no-body content-patch-locked-ordering
        content-patch-return-representation content-patch-unlocked-with-token content-patch-unlocked
        + page lab/c2
        + POST /lab/c2/@lock alice => 8b931359-4460-4563-a52f-561deaf4554b
        + wait 1
        + PATCH /lab/c2/@lock alice {} => 56217cab-536b-4787-be9f-0cfeaf32a21e
        content-patch-token-from-before-refresh content-patch-token-from-refresh

        + page lab/h1 private
        + POST /lab/h1/@workflow/publish admin
        + PATCH /lab/h1 alice {"title":"v1"}
        + PATCH /lab/h1 alice {"title":"v2"}
        + POST /lab/h1/@lock alice => ddd85f35-65e4-4565-a5c2-66824167f507
        history-get history-get-version history-revert-locked-by-other
        history-revert-locked-by-reader-with-token lock-get-after-revert history-revert-unlocked-anonymous
        content-get-after-anonymous-revert
        + page lab/w1
        + POST /lab/w1/@lock alice
        workflow-get workflow-on-locked-by-other lock-get-after-workflow workflow-refused
        + page lab/d1
        + POST /lab/d1/@lock alice
        content-delete-locked-by-other lock-get-deleted
        + folder lab/fold
        + page lab/fold/inner
        + POST /lab/fold/inner/@lock alice
        content-delete-folder-with-locked-page content-get-deleted-child
        + page lab/m1
        + POST /lab/m1/@lock alice {"timeout":900}
        content-move-by-editor content-move-locked-by-other content-get-moved-old-path lock-get-after-move
        lock-get-moved-old-path lock-get-moved-old-path-anonymous lock-post-moved-old-path lock-delete-moved-old-path
        + page lab/hid2 private
        + POST /lab/docs/@move admin {"source":"/lab/hid2"}
        content-get-moved-private-anonymous
        + page lab/cp
        + POST /lab/cp/@lock alice {"timeout":1200}
        content-copy-locked-by-other lock-get-on-copied-original lock-get-on-copy
        + page lab/rn
        + POST /lab/rn/@lock alice => 586f2c42-33d2-4c9f-87db-a6b72186e221
        content-rename-locked-with-token lock-get-renamed lock-get-renamed-old-path
        content-post-anonymous content-post-by-editor lock-post-create-201 search-creator
        + item lab/ty-event Event
        lock-post-type-event
        + item lab/file1 File
        lock-post-type-file
        + POST /lab/file1/@lock alice => 65a5b611-e842-4fbb-9c8c-24c6a41e56ca
        content-patch-file-with-token lock-get-file-after-patch
        + item lab/img1 Image
        lock-post-type-image

        + restart
        + folder lab/docs
        + folder lab-two
        + folder lab/list
        + page lab/list/p1 published admin Page_1
        + page lab/list/p2 published admin Page_2
        + page lab/list/p3 published admin Page_3
        + page lab/list/secret private
        + folder lab/list/sub
        + page lab/list/sub/deep
        + POST /lab/list/p2/@lock alice {"timeout":3600}
        + POST /lab/list/p3/@lock alice {"timeout":-1}
        + wait 1
        container-get container-get-anonymous container-get-fullobjects container-get-metadata-fields
        search-anonymous search-folder search-second-page search-past-end search-items-total-is-page
        search-b-size-text search-b-size-twice search-b-size-zero search-depth-0 search-depth-1 search-depth-2
        search-depth-text search-fullobjects search-is-folderish search-is-folderish-bad search-locked-parameter
        search-metadata-fields search-modified-bad search-path search-path-twice search-portal-type-twice
        search-review-state search-sort-on-twice search-sort-order-reverse search-sort-unknown
        search-subject search-text-and search-text-one-word search-text-prefix-of-path search-text-star
        search-text-twice search-text-two-words search-title-two-words search-uid search-uid-bad search-uid-twice
        search-sort-modified-descending
        querystring-search querystring-search-no-query querystring-search-path
        system-admin system-editor site-anonymous site-without-accept

        + restart limited
        + folder lab/list
        + page lab/list/p1 published admin Page_1
        + page lab/list/secret private
        search-rate-limit-first
        + times 98 GET /lab/list/@search?b_size=1 bob
        search-rate-limit-hundredth search-rate-limited search-rate-limited-other-user search-rate-limited-users
        search-rate-limited-content-get search-rate-limited-lock-get

        + restart
        + page lab/hidden private
        + page lab/plain
        + token alice
        + wait 7300
        + as alice
        auth-expired-token-private-get auth-expired-token-public-get auth-expired-token-post-lock
        auth-expired-token-renew auth-expired-token-search
        """

    private static let nickExcluded = [String: String](
        uniqueKeysWithValues: nickReasons.flatMap { reason, names in names.map { ($0, reason) } })

    private static let nickReasons: [(reason: String, names: [String])] = [
        (
            "the site that Nick is delivered with, its texts and pictures: the demo has pages of its own",
            ["root-content", "root-search", "querystring-search-long-operator"]
        ),
        ("a picture made of letters, for people", ["nick-page"]),
        (
            "menus, forms and trees for web pages, which no lock tool asks for",
            [
                "actions-get", "breadcrumbs-get", "navigation-get", "types-get", "types-get-by-admin",
                "expand-lock", "container-get-expand",
            ]
        ),
        (
            "ten database connections that run out under 24 requests: the demo has no database",
            ["overload-500-html", "overload-500-json"]
        ),
        (
            "two requests within one moment, both of which win: the demo lets one in at a time",
            [
                "race-1-get-after", "race-1-post-by-alice", "race-1-post-by-bob", "race-2-get-after",
                "race-2-post-by-alice", "race-2-post-by-bob", "race-3-get-after", "race-3-post-by-alice",
                "race-3-post-by-bob",
            ]
        ),
    ]
}
