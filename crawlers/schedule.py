"""When a page is looked at again, and when a host: pure rules, times in seconds since 1970 (UTC) passed in."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawlers.sources import Revisit

DAY_S = 86_400.0
HOST_CAP_S = DAY_S
SLACK = 0.1  # a night that starts a little early still counts as the next night
RETRY_FIRST_S = 5.0
RETRY_CAP_S = 6 * 3600.0
BREAK_AFTER = 5
BREAK_FIRST_S = 1800.0


def first_wait_s(revisit: Revisit) -> float:
    """Return how long after a change a page is looked at again."""
    return revisit.first_h * 3600.0


def next_wait_s(wait_s: float, revisit: Revisit) -> float:
    """Return the wait after a quiet look: longer by the source's factor, up to its longest."""
    return min(wait_s * revisit.factor, revisit.longest_days * DAY_S)


def is_quiet(changed_at: float, now_s: float, revisit: Revisit) -> bool:
    """Tell whether a page has been quiet for so long that it is looked at no more."""
    return revisit.stop_after_days is not None and now_s - changed_at > revisit.stop_after_days * DAY_S


def due_after(now_s: float, wait_s: float) -> float:
    """Return when a page is due, a tenth of its wait early (at most two hours), so that nightly runs may drift."""
    return now_s + wait_s - min(wait_s * SLACK, 2 * 3600.0)


def retry_wait_s(address: str, tries: int, first_s: float = RETRY_FIRST_S) -> float:
    """Return the back-off before try ``tries`` + 1: doubling, with a jitter of a half to one seeded by the address."""
    digest = hashlib.sha256(f"{tries} {address}".encode("utf-8", "replace")).digest()
    jitter = 0.5 + int.from_bytes(digest[:4], "big") / 2**33
    return min(first_s * 2.0 ** min(tries - 1, 20), RETRY_CAP_S) * jitter


def breaker_wait_s(failures: int) -> float:
    """Return how long a host is left alone after so many failures running: 0 below five, then half an hour doubling."""
    if failures < BREAK_AFTER:
        return 0.0
    return min(BREAK_FIRST_S * 2.0 ** min(failures - BREAK_AFTER, 20), HOST_CAP_S)


def retry_after_s(value: str | None, now_s: float) -> float | None:
    """Return the wait that a Retry-After header asks for (RFC 9110, 10.2.3), 0 to a day; None where it says nothing.

    Seconds or an HTTP date; what lies in the past is 0, ten years is a day, garbage is nothing.
    """
    text = (value or "").strip()
    if not text or len(text) > 100:
        return None
    if re.fullmatch(r"[+-]?[0-9]+", text):
        return min(max(float(int(text[:18])), 0.0), HOST_CAP_S)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if at.tzinfo is None:
        at = at.replace(tzinfo=UTC)
    return min(max(at.timestamp() - now_s, 0.0), HOST_CAP_S)
