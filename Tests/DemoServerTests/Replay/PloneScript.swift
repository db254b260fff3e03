// SPDX-License-Identifier: MIT

extension ReplayScript {
    /// The recordings of a real Plone.
    static let plone = ReplayScript(place: "plone", text: ploneText, excluded: ploneExcluded)

    private static let ploneText = """
        + folder docs Documents
        + folder lab Lab
        + page cookie
        + documents
        auth-anonymous-private auth-basic-ok auth-basic-wrong-password-private auth-basic-wrong-password-public
        auth-bearer-garbage-private auth-bearer-garbage-public auth-bearer-garbage-post-lock auth-mallory-private
        login-ok login-ok-zope-root-admin login-bad-json login-empty-body login-get login-missing-password
        login-renew login-renew-anonymous login-unknown-user login-without-accept login-wrong-password
        whoami-user whoami-user-by-editor-of-other
        auth-cookie-alone-post-lock
        + DELETE /lab/cookie/@lock alice
        auth-cookie-alice-bearer-bob-post-lock
        + DELETE /lab/cookie/@lock alice
        + POST /docs/section-01/doc-0001/@lock alice
        content-get-locked-by-other content-get-locked-anonymous content-get-expand-lock content-head
        content-not-found content-get-folder content-get-folder-fullobjects content-get-site-root
        search-default search-folder-context search-fullobjects search-fullobjects-anonymous
        search-metadata-field-lock search-metadata-fields search-metadata-fields-all search-nothing search-text
        search-anonymous-count search-b-size-zero search-bad-b-size search-batch-last search-batch-past-end
        querystring-search-fullobjects
        content-get-api-traverser content-get-without-accept
        + DELETE /docs/section-01/doc-0001/@lock alice

        + page plain
        lock-get-unlocked lock-post lock-get-by-owner lock-get-by-other lock-get-by-reader lock-get-anonymous
        + wait 1
        lock-post-again-by-owner lock-post-by-other-while-locked
        + wait 1
        lock-patch-refresh-by-owner
        + wait 1
        lock-patch-refresh-by-other lock-patch-with-timeout
        lock-delete-by-other-without-force lock-delete-by-other-without-body lock-delete-by-other-force-in-query
        lock-delete-by-other-force-false lock-delete-by-other-force
        lock-patch-when-unlocked lock-delete-when-unlocked lock-delete-force-when-unlocked
        lock-post-without-body lock-delete-by-other-force-string-false
        + POST /lab/plain/@lock alice
        lock-delete-by-manager-without-force lock-delete-by-manager-force
        + POST /lab/plain/@lock bob
        lock-get-fullname-of-creator
        + DELETE /lab/plain/@lock bob
        lock-post-by-zope-root-admin lock-delete-by-zope-root-admin
        + POST /lab/plain/@lock alice
        lock-delete-by-owner

        + page bodies
        lock-post-bad-json lock-post-json-array lock-post-json-null lock-post-without-accept lock-put lock-head
        lock-options lock-webdav-method lock-get-after-bad-bodies
        lock-post-unknown-field
        + DELETE /lab/bodies/@lock alice
        lock-post-stealable-string-false lock-get-stealable-string-false-by-other
        + DELETE /lab/bodies/@lock alice
        lock-post-form-content-type lock-get-after-form-content-type
        + DELETE /lab/bodies/@lock alice
        + POST /lab/bodies/@lock alice
        lock-post-again-nonstealable-by-owner lock-get-after-post-again-nonstealable
        lock-post-again-stealable-by-owner lock-get-after-post-again-stealable

        + page holders
        + account temp
        lock-post-by-user-without-fullname
        + DELETE /lab/holders/@lock dora@example.org
        + POST /lab/holders/@lock temp
        + delete-account temp
        lock-get-creator-deleted lock-delete-by-deleted-user

        + page dav
        webdav-lock-by-manager lock-get-webdav-lock lock-delete-webdav-lock-force wc-post-webdav-locked
        content-patch-webdav-locked-with-token

        + page timeout-60
        lock-post-timeout-60 lock-get-timeout-60
        + page timeout-3600
        lock-post-timeout-3600 lock-get-timeout-3600
        + page timeout-zero
        lock-post-timeout-zero lock-get-timeout-zero
        + page timeout-negative
        lock-post-timeout-negative lock-get-timeout-negative
        + page timeout-float
        lock-post-timeout-float lock-get-timeout-float
        + page timeout-string-30
        lock-post-timeout-string-30 lock-get-timeout-string-30
        + page timeout-infinite
        lock-post-timeout-infinite lock-get-timeout-infinite
        + page timeout-text
        lock-post-timeout-text lock-get-timeout-text
        + page timeout-null
        lock-post-timeout-null lock-get-timeout-null
        + page timeout-true
        lock-post-timeout-true lock-get-timeout-true
        + page timeout-too-big
        lock-post-timeout-too-big lock-get-timeout-too-big
        + page timeout-max
        lock-post-timeout-max lock-get-timeout-max

        + page timeout-expiry
        lock-post-timeout-2-seconds
        + wait 1
        lock-get-before-expiry
        + wait 2
        lock-get-after-expiry lock-patch-after-expiry
        lock-post-by-other-after-expiry lock-delete-by-former-owner-after-expiry
        + DELETE /lab/timeout-expiry/@lock bob
        + POST /lab/timeout-expiry/@lock alice {"timeout": 3}
        + wait 2
        lock-patch-keeps-short-timeout
        + wait 2
        lock-get-after-refresh-past-first-expiry
        + wait 2
        lock-get-after-refresh-expired

        + page timeout-by-other
        + POST /lab/timeout-by-other/@lock alice
        lock-post-timeout-by-other-while-locked
        + wait 2
        lock-get-after-timeout-set-by-other lock-post-timeout-by-owner-again
        + wait 1
        lock-post-timeout-by-owner-again-2

        + page nonstealable
        lock-post-nonstealable lock-get-nonstealable-by-owner lock-get-nonstealable-by-other
        lock-get-nonstealable-by-manager lock-get-nonstealable-anonymous
        lock-delete-nonstealable-by-other lock-delete-nonstealable-by-other-force
        lock-get-nonstealable-after-first-force lock-delete-nonstealable-by-other-force-2
        lock-post-nonstealable-and-timeout lock-delete-nonstealable-by-manager-force
        lock-delete-nonstealable-by-manager-force-2
        + POST /lab/nonstealable/@lock alice {"stealable": false}
        lock-delete-nonstealable-by-owner
        + POST /lab/nonstealable/@lock alice
        lock-get-stealable-again-by-other lock-post-nonstealable-by-other-while-locked
        lock-delete-nonstealable-by-other-force-3
        + DELETE /lab/nonstealable/@lock alice
        + POST /lab/nonstealable/@lock alice {"stealable": false, "timeout": 1}
        + wait 2
        + POST /lab/nonstealable/@lock bob
        lock-get-nonstealable-mark-outlives-expiry

        + page who-may
        lock-post-by-carol lock-post-by-mallory lock-post-by-anonymous
        + POST /lab/who-may/@lock alice
        lock-patch-by-carol lock-patch-by-mallory lock-patch-by-anonymous
        lock-delete-force-by-carol lock-delete-force-by-mallory lock-delete-force-by-anonymous
        lock-trailing-slash lock-get-unknown-endpoint
        lock-get-private-by-carol lock-post-private-by-carol lock-post-private-by-editor
        lock-get-not-found lock-post-not-found lock-get-wrong-site
        lock-get-site-root lock-post-site-root-by-editor lock-post-site-root-by-manager lock-get-site-root-locked
        lock-delete-site-root
        + DELETE /@lock alice
        lock-get-folder lock-post-folder lock-post-folder-with-timeout lock-patch-folder lock-delete-folder
        + item type-news-item News_Item
        lock-post-type-news-item
        + item type-event Event
        lock-post-type-event
        + item type-collection Collection
        lock-post-type-collection
        + item type-file File
        lock-post-type-file
        + item type-image Image
        lock-post-type-image
        + item type-link Link
        lock-post-type-link

        + page write
        + POST /lab/write/@lock alice
        content-patch-locked-by-other-no-token content-patch-locked-by-self-no-token
        content-patch-locked-wrong-token content-patch-locked-token-in-brackets content-patch-locked-anonymous
        content-patch-locked-by-carol-with-token content-patch-locked-with-token
        content-patch-locked-by-other-with-owners-token content-patch-return-representation
        lock-get-after-content-patch content-delete-locked-by-other lock-get-after-delete
        content-move-locked-by-other lock-get-after-move-try content-copy-locked lock-get-on-copy-of-locked
        workflow-on-locked-by-other
        + page unlocked-token
        content-patch-unlocked-with-stale-token content-patch-x-lock-removed-in-between
        + folder lab/deltree Tree
        + page deltree/page
        + POST /lab/deltree/page/@lock alice
        content-delete-folder-with-locked-page content-get-deleted-folder

        + page wc
        wc-get-none wc-post wc-get-on-original wc-get-on-copy wc-get-on-original-by-carol wc-get-anonymous
        wc-content-get-original wc-content-get-copy wc-search-fullobjects
        wc-lock-on-original-by-owner wc-lock-on-original-by-other wc-lock-on-copy
        wc-lock-post-on-original-by-owner wc-lock-patch-on-original wc-lock-delete-on-original-by-owner
        wc-lock-delete-on-original-by-owner-force wc-lock-delete-on-original-by-other-force
        wc-lock-delete-on-original-by-manager-force wc-lock-after-force
        wc-post-again wc-post-again-by-other wc-post-on-copy wc-delete-anonymous wc-delete-by-carol
        wc-patch-anonymous wc-patch-by-carol wc-content-patch-original-no-token wc-content-patch-copy
        wc-patch-checkin-on-original wc-content-get-after-checkin wc-content-get-copy-after-checkin
        wc-lock-after-checkin wc-get-after-checkin wc-patch-none wc-delete-none
        + page wc2
        + POST /lab/wc2/@workingcopy alice
        wc-delete-by-other-editor
        + POST /lab/wc2/@workingcopy alice
        wc-patch-by-other-editor
        + POST /lab/wc2/@workingcopy alice
        wc-delete-on-copy wc-lock-after-cancel
        + page wc3
        + POST /lab/wc3/@workingcopy alice
        wc-content-delete-copy wc-lock-after-copy-deleted wc-get-after-copy-deleted
        + page wc4
        + POST /lab/wc4/@lock alice {"stealable": false}
        wc-post-on-page-locked-by-other wc-lock-on-page-locked-by-other-after
        + page wc5
        + POST /lab/wc5/@lock alice
        wc-post-on-page-locked-by-self wc-lock-on-page-locked-by-self-after
        + page wc6
        + POST /lab/wc6/@workingcopy alice
        wc-lock-post-on-copy wc-patch-with-copy-locked-by-other wc-lock-on-original-after-that
        wc-post-anonymous wc-post-carol wc-post-erin-editor-who-cannot-add wc-post-folder wc-post-not-found
        wc-post-site-root wc-get-site-root wc-get-folder

        + page off
        setting-locking-off lock-post-while-locking-off lock-post-timeout-while-locking-off setting-locking-on
        + page race
        race-1-post-by-bob race-1-post-by-alice
        + DELETE /lab/race/@lock bob
        race-2-post-by-alice race-2-post-by-bob

        + account late
        + token late
        + wait 50000
        + forget-tokens late
        auth-expired-token-private-get auth-expired-token-public-get auth-expired-token-post-lock
        auth-expired-token-renew auth-expired-token-search
        """

    private static let ploneExcluded = [
        "content-patch-conflict-error":
            "the real server's database gave up on eight writers at once; the book lets one in at a time"
    ]
}
