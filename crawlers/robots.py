"""robots.txt as RFC 9309 has it: what a host allows, read anew on each run.

A host whose robots.txt cannot be reached, or answers 5xx or 429, is not crawled on this run, unless a copy of at most a
day old is held. One that has none (other 4xx) allows everything. The first 500 KiB count.
"""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 500 * 1024
KEEP_S = 24 * 3600.0
MAX_CRAWL_DELAY_S = 300.0
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Copy:
    """A robots.txt that was read: its body, and when (seconds since 1970, UTC)."""

    body: bytes
    at: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows. ``why`` says where the rules come from, for the run log."""

    allow_all: bool = False
    disallow_all: bool = False
    why: str = ""
    parsed: Protego | None = None

    def allows(self, url: str, agent: str) -> bool:
        """Tell whether ``agent`` (a product token, such as ``claimwatch``) may fetch ``url``."""
        if self.parsed is None:
            return self.allow_all
        return bool(self.parsed.can_fetch(url, agent))

    def crawl_delay_s(self, agent: str) -> float:
        """Return the Crawl-delay asked of ``agent`` in seconds, 0 where none is, at most five minutes."""
        delay = self.parsed.crawl_delay(agent) if self.parsed is not None else None
        return min(max(float(delay or 0), 0.0), MAX_CRAWL_DELAY_S)


def read_rules(body: bytes, why: str = "robots.txt") -> Rules:
    """Return the rules of a robots.txt body. Bytes that are no text (NULs past the BOM) disallow all."""
    text = decode(body[:MAX_BYTES])
    if text is None:
        return Rules(disallow_all=True, why="robots.txt is binary")
    return Rules(why=why, parsed=Protego.parse(text))


def decode(body: bytes) -> str | None:
    """Return the text of a robots.txt, or None where it is binary."""
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.decode(encoding, "replace").lstrip("\ufeff")
    return None if b"\x00" in body else body.decode("utf-8", "replace")


def judge(status: int | None, body: bytes, kept: Copy | None, now_s: float) -> Rules:
    """Return the rules after asking for robots.txt: ``status`` is None where no answer came.

    RFC 9309, 2.3.1: 2xx is obeyed, 4xx means no rules (429 apart: the host said "not now"), anything else means
    disallow, unless ``kept`` is a copy of at most a day.
    """
    if status is not None and 200 <= status < 300:
        return read_rules(body)
    if status is not None and 400 <= status < 500 and status != 429:
        return Rules(allow_all=True, why=f"no robots.txt ({status})")
    if kept is not None and 0 <= now_s - kept.at <= KEEP_S:
        return read_rules(kept.body, why="robots.txt, the copy of at most a day ago")
    return Rules(disallow_all=True, why=f"robots.txt unreachable ({status or 'no answer'})")
