// SPDX-License-Identifier: MIT
import FoundationEssentials
import HTTP
import Testing

struct TimeTextTests {
    @Test(
        "Times as JSON and WebDAV write them",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2026-08-01T12:00:00Z", 1_785_585_600),
            ("2026-08-01T12:00:00", 1_785_585_600),
            ("2026-08-01t12:00:00z", 1_785_585_600), ("2026-08-01 12:00:00Z", 1_785_585_600),
            ("2026-08-01T14:00:00+02:00", 1_785_585_600), ("2026-08-01T06:30:00-05:30", 1_785_585_600),
            ("2026-08-01T14:00:00+0200", 1_785_585_600), ("2026-08-01T14:00:00+02", 1_785_585_600),
            ("2026-08-01T12:00Z", 1_785_585_600), ("2000-02-29T00:00:00Z", 951_782_400),
            ("1969-12-31T23:59:59Z", -1), ("2016-12-31T23:59:60Z", 1_483_228_800),
            ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("9999-12-31T23:59:59Z", 253_402_300_799),
        ])
    func rfc3339(text: String, seconds: Int) {
        #expect(RFC3339.date(text) == Date(timeIntervalSince1970: Double(seconds)))
    }

    @Test(
        "Fractions of any length",
        arguments: [
            ("1970-01-01T00:00:00.5Z", 0.5), ("1970-01-01T00:00:00.123456Z", 0.123456),
            ("1970-01-01T00:00:00,25+00:00", 0.25), ("1970-01-01T00:00:00.1234567890123Z", 0.123456789),
        ])
    func fractions(text: String, seconds: Double) throws {
        let date = try #require(RFC3339.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 1e-6)
    }

    @Test(
        "What is no time is none",
        arguments: [
            "", "2026", "2026-08-01", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
            "2026-08-32T00:00:00Z", "2026-08-01T24:00:00Z", "2026-08-01T12:60:00Z", "2026-08-01T12:00:61Z",
            "2026-08-01T12:00:00.Z", "2026-08-01T12:00:00+24:00", "2026-08-01T12:00:00+01:60", "2026-08-01T12:00:00Zx",
            "2026-08-01T12:00:00 Z", "+2026-08-01T12:00:00Z", "2026-8-1T12:00:00Z", "2026-08-01T12:00:0٣Z",
        ])
    func noTime(text: String) { #expect(RFC3339.date(text) == nil) }

    @Test("Text and time belong together: every 100,003rd second of 600 years, forth and back")
    func roundTrip() {
        for seconds in stride(from: -9_000_000_000, to: 9_000_000_000, by: 100_003 * 37) {
            let date = Date(timeIntervalSince1970: Double(seconds))
            #expect(RFC3339.date(RFC3339.text(date)) == date)
            if seconds >= 0 { #expect(HTTPDate.date(HTTPDate.text(date)) == date) }
        }
        #expect(RFC3339.text(Date(timeIntervalSince1970: -0.5)) == "1969-12-31T23:59:59Z")
        #expect(RFC3339.text(Date(timeIntervalSince1970: .infinity)) == "9999-12-31T23:59:59Z")
    }

    @Test(
        "The three forms of a header's time",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
            ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Saturday, 01-Aug-26 12:00:00 GMT", 1_785_585_600), ("sat, 1 aug 2026 12:00:00 UTC", 1_785_585_600),
        ])
    func headerTime(text: String, seconds: Int) {
        #expect(HTTPDate.date(text) == Date(timeIntervalSince1970: Double(seconds)))
    }

    @Test(
        "What is no header's time is none",
        arguments: [
            "", "0", "-1", "Sun, 06 Nov 1994", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 06 Nov 1994 08:49:37 PST", "Sun, 06 Foo 1994 08:49:37 GMT", "2026-08-01T12:00:00Z",
        ])
    func noHeaderTime(text: String) { #expect(HTTPDate.date(text) == nil) }

    @Test("A header's time is written as servers do today")
    func headerText() {
        #expect(HTTPDate.text(Date(timeIntervalSince1970: 784_111_777)) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(Date(timeIntervalSince1970: 1_785_585_600.9)) == "Sat, 01 Aug 2026 12:00:00 GMT")
    }

    @Test(
        "Retry-After in seconds and as a time, between now and an hour",
        arguments: [
            ("0", 0), ("7", 7), (" 120 ", 120), ("3600", 3600), ("86400", 3600), ("99999999999999999999999", 3600),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10), ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
            ("Mon, 07 Nov 1994 08:49:37 GMT", 3600), ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
        ])
    func retryAfter(text: String, seconds: Int) {
        let now = Date(timeIntervalSince1970: 784_111_777)
        #expect(RetryAfter(text, now: now)?.delay == .seconds(seconds))
    }

    @Test(
        "A Retry-After with a fraction is kept to its millisecond, never less",
        arguments: [("1.5", 1_500), ("2.128", 2_128), ("7.", 7_000), ("0.0001", 1), ("3600.5", 3_600_000)])
    func fraction(text: String, milliseconds: Int) {
        #expect(RetryAfter(text, now: Date(timeIntervalSince1970: 0))?.delay == .milliseconds(milliseconds))
    }

    @Test("A Retry-After that is neither is none", arguments: ["", "-5", "1.5.2", ".5", "1e3", "nan", "soon", "٣"])
    func noRetryAfter(text: String) {
        #expect(RetryAfter(text, now: Date(timeIntervalSince1970: 0)) == nil)
    }

    @Test("A time to retry at is taken by the server's own clock, however far that is off")
    func retryAfterByServersClock() {
        let headers: Headers = [
            "Date": "Sun, 06 Nov 1994 08:49:37 GMT", "Retry-After": "Sun, 06 Nov 1994 08:50:07 GMT",
        ]
        for now in [0.0, 784_111_777, 4_000_000_000] {
            #expect(RetryAfter(headers, now: Date(timeIntervalSince1970: now))?.delay == .seconds(30))
        }
        #expect(RetryAfter(Headers(), now: Date(timeIntervalSince1970: 0)) == nil)
    }
}
