"""robots.txt by RFC 9309: what each answer means."""

from __future__ import annotations

import pytest

from crawlers.robots import MAX_BYTES, Copy, decode, judge, read_rules

AGENT = "claimwatch"
CASES = [  # body, path, allowed, note
    (b"User-agent: *\nDisallow: /a\n", "/a/b", False, "prefix"),
    (b"User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b", True, "the longest match wins"),
    (b"User-agent: claimwatch\nDisallow: /\n\nUser-agent: *\nAllow: /\n", "/x", False, "our own group"),
    (b"User-agent: other\nDisallow: /\n", "/x", True, "another's group"),
    (b"User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf", False, "wildcards"),
    (b"User-agent: *\nDisallow: /*.pdf$\n", "/x/y.pdf?x=1", True, "anchored wildcard"),
    (b"", "/x", True, "an empty file"),
    (b"<html>not found</html>", "/x", True, "a page instead"),
    (b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n", "/x", False, "a BOM"),
    ("User-agent: *\nDisallow: /\n".encode("utf-16"), "/x", False, "UTF-16"),
    (b"\x00\x01\x02", "/x", False, "binary"),
    (b"#" * (MAX_BYTES + 1) + b"\nUser-agent: *\nDisallow: /\n", "/x", True, "past 500 KiB"),
]


@pytest.mark.parametrize(("body", "path", "allowed", "note"), CASES, ids=[case[3] for case in CASES])
def test_rules_of_a_body(body: bytes, path: str, allowed: bool, note: str) -> None:
    assert read_rules(body).allows(f"https://example.org{path}", AGENT) is allowed


@pytest.mark.parametrize(
    ("status", "age_s", "allowed"),
    [
        (404, None, True), (403, None, True), (410, None, True), (429, None, False), (500, None, False),
        (503, None, False), (None, None, False), (301, None, False), (503, 3600, True), (None, 23 * 3600, True),
        (503, 25 * 3600, False), (503, -3600, False),
    ],
)  # fmt: skip
def test_what_an_answer_means(status: int | None, age_s: float | None, allowed: bool) -> None:
    kept = None if age_s is None else Copy(b"User-agent: *\nDisallow: /private\n", 1e9 - age_s)
    rules = judge(status, b"", kept, 1e9)
    assert rules.allows("https://example.org/x", AGENT) is allowed
    assert not (kept and allowed and rules.allows("https://example.org/private", AGENT))


def test_crawl_delay_is_read_and_bounded() -> None:
    assert read_rules(b"User-agent: *\nCrawl-delay: 7\n").crawl_delay_s(AGENT) == 7
    assert read_rules(b"User-agent: *\nCrawl-delay: 86400\n").crawl_delay_s(AGENT) == 300
    assert read_rules(b"").crawl_delay_s(AGENT) == 0


def test_binary_is_no_text() -> None:
    assert decode(b"a\x00b") is None
