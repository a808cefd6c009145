"""What an answer means: taken, unchanged, gone, blocked, failed; pure, from status, headers, body and the question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, SSLError
from twisted.python.failure import Failure

from crawlers.refusals import RefusedError
from crawlers.schedule import retry_after_s
from warehouse.ids import body_sha256

KEPT_HEADERS = (
    "content-type", "content-language", "content-length", "etag", "last-modified", "retry-after", "x-robots-tag",
    "tdm-reservation", "tdm-policy", "link", "date", "x-was-encoded", "x-wp-total", "x-wp-totalpages",
)  # fmt: skip
MAX_HEADER_CHARS = 1000
MIN_BODY_BYTES = 1
_BLOCKED = (401, 402, 403, 407, 429, 451)
_PASSING = ("timeout", "connection", "truncated", "headers")


@dataclass(frozen=True, slots=True)
class Taken:
    """The meaning of an answer. ``again``: worth another try; ``failed_host``: counts against the host."""

    outcome: str
    reason: str | None = None
    message: str | None = None
    sha256: str | None = None
    again: bool = False
    failed_host: bool = False
    wait_s: float | None = None


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, known_sha256: str | None, asked: bool, now_s: float
) -> Taken:
    """Return what an answer means. ``asked`` tells whether the request was a conditional one."""
    if status == 304:
        return _not_modified(known_sha256 if asked else None)
    if status in (404, 410):
        return Taken("gone", f"http_{status}")
    if status in (429, 503):
        wait_s = retry_after_s(headers.get("retry-after"), now_s)
        outcome = "blocked" if status == 429 else "failed"
        return Taken(outcome, f"http_{status}", again=True, failed_host=wait_s is None, wait_s=wait_s)
    if status in _BLOCKED:
        return Taken("blocked", f"http_{status}")
    if status >= 500 or status == 408:
        return Taken("failed", f"http_{status}", again=True, failed_host=True)
    if status not in (200, 203):
        return Taken("failed", f"http_{status}")
    if len(body) < MIN_BODY_BYTES:
        return Taken("failed", "empty", "an answer of no bytes is no page")
    sha256 = body_sha256(body)
    return Taken("unchanged" if sha256 == known_sha256 else "ok", sha256=sha256)


def _not_modified(known_sha256: str | None) -> Taken:
    if known_sha256 is not None:
        return Taken("unchanged", sha256=known_sha256)
    return Taken("failed", "not_modified", "304, but nothing was held to compare with", again=True)


def read_failure(failure: Failure) -> Taken:
    """Return what a request that got no answer means."""
    error = failure.value
    if isinstance(error, RefusedError):
        outcome = {"truncated": "truncated", "too_large": "too_large", "bomb": "too_large"}.get(error.reason, "refused")
        outcome = "failed" if error.reason in ("dns", "encoding", "redirects") else outcome
        again = error.reason in ("truncated", "dns", "circuit")
        return Taken(outcome, error.reason, str(error), again=again, failed_host=error.reason == "dns")
    reason = _reason(error)
    passing = reason in _PASSING
    outcome = "too_large" if reason == "too_large" else "failed"
    return Taken(outcome, reason, f"{type(error).__name__}: {error}"[:500], again=passing, failed_host=passing)


def _reason(error: BaseException | None) -> str:
    told = f"{type(error).__name__} {error} {getattr(error, '__cause__', '')!r}".lower()
    if isinstance(error, DownloadTimeoutError):
        return "timeout"
    if isinstance(error, DownloadCancelledError):
        return "too_large"
    if isinstance(error, CannotResolveHostError):
        return "dns"
    if isinstance(error, SSLError) or "certificate" in told or "ssl" in told or "verifyerror" in told:
        return "tls"
    if any(word in told for word in ("parseerror", "badheader", "headers", "httpparser", "potentialdataloss")):
        return "headers"
    known = (DownloadConnectionRefusedError, DownloadFailedError, ResponseDataLossError, ConnectError)
    return "connection" if isinstance(error, known) else "error"


def kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that matter, cut to a thousand characters each."""
    return {name: headers[name][:MAX_HEADER_CHARS] for name in KEPT_HEADERS if name in headers}
