"""What a crawl did at each source: the row that the run log keeps (enough for PRISMA-S), and its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawlers.urls import normalise

if TYPE_CHECKING:
    from crawlers.adapters.base import Listing, Request
    from crawlers.fate import Page
    from crawlers.sources import SourceConfig
    from crawlers.taken import Taken

NAMED = 3  # reasons told in a message: a source can link to any number of hosts
_EXPECTED = ("http_404", "http_410", "robots")  # counted, but pages go and robots.txt is obeyed on any good night


@dataclass(frozen=True, slots=True)
class SourceReport:
    """One source in one run. ``listed`` counts documents listed, unchanged ones too; ``reported`` is its own count.

    ``status``: ok, warning (something is short), failed (blocked, unreachable, or below its expected volume).
    """

    source: str
    request: str
    started: str
    ended: str
    reported: int | None
    listed: int
    fetched: int
    unchanged: int
    kept: int
    duplicates: int
    failures: dict[str, int]
    status: str
    message: str | None


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """Every source of one crawl."""

    sources: tuple[SourceReport, ...] = ()

    @property
    def warnings(self) -> list[str]:
        """What a person should know, a line a source."""
        return [f"{row.source}: {row.message}" for row in self.sources if row.status != "ok" and row.message]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of ``run_source``, but for the run's number; times as datetimes without zone (UTC)."""
        times = ("started", "ended")
        return [
            {**asdict(row), **{name: datetime.fromisoformat(getattr(row, name)).replace(tzinfo=None) for name in times}}
            for row in self.sources
        ]


@dataclass(slots=True)
class Tally:
    """What is counted while a source is crawled."""

    request: str = ""
    started: str = ""
    ended: str = ""
    reported: int | None = None
    keys: set[str] = field(default_factory=set)
    records: int = 0
    fetched: int = 0
    unchanged: int = 0
    kept: int = 0
    duplicates: int = 0
    asked: int = 0
    listings: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)

    @property
    def listed(self) -> int:
        """How many documents the source listed on this run."""
        return len(self.keys) + self.records

    def list_pages(self, requests: Sequence[Request]) -> None:
        """Count the documents that a listing names, each page once; a second naming is a duplicate."""
        for request in requests:
            if request.role == "document":
                key = normalise(request.url)
                self.duplicates += key in self.keys
                self.keys.add(key)

    def count(self, page: Page, taken: Taken, listing: Listing, ended: str) -> None:
        """Count one page that was asked for, and what it listed; ``ended`` is when."""
        self.ended = ended
        if listing.reported is not None:
            self.reported = max(listing.reported, self.reported or 0)
        self.records += listing.records
        self.notes += listing.warnings
        self.listings += page.role != "document"
        if page.role == "listing" and taken.outcome in ("ok", "unchanged"):
            return
        works = listing.records if page.role == "records" else 1
        self.fetched += works * (taken.outcome == "ok")
        self.kept += works * (taken.outcome == "ok")
        self.unchanged += works * (taken.outcome == "unchanged")
        if taken.outcome not in ("ok", "unchanged"):
            self.failures[taken.reason or taken.outcome] += 1
        if page.role != "document" and taken.outcome not in ("ok", "unchanged") and not taken.again:
            self.lost.append(f"the listing {page.url} could not be read: {taken.message or taken.reason}")


def report(source: SourceConfig, tally: Tally, in_window: int) -> SourceReport:
    """Return the verdict. ``in_window`` is how many documents the source listed in its window of days."""
    volume = max(in_window + tally.records, tally.listed)
    failed, warned = list(tally.lost), list(tally.notes)
    if volume < source.expected_min:
        failed.append(
            f"listed {volume} in {source.window_days} days, expected at least {source.expected_min}"
            + (f" ({_told(tally.failures)})" if tally.failures else "; empty is not success: look at the source")
        )
    elif tally.failures and not tally.fetched + tally.unchanged and not _is_no_news(source, tally):
        failed.append(f"nothing could be fetched: {_told(tally.failures)}")
    elif failures := Counter({why: count for why, count in tally.failures.items() if why not in _EXPECTED}):
        warned.append(f"{failures.total()} requests failed: {_told(failures)}")
    if source.expected_max is not None and volume > source.expected_max:
        warned.append(f"listed {volume}, expected at most {source.expected_max}")
    if tally.left:
        warned.append(f"{tally.left.total()} pages are left for the next run: {_most(tally.left)}")
    if tally.reported is not None and tally.reported > tally.listed and tally.listed < source.max_pages:
        warned.append(f"the source counts {tally.reported}, but listed {tally.listed}")
    return SourceReport(
        source=source.name, request=tally.request, started=tally.started, ended=tally.ended or tally.started,
        reported=tally.reported, listed=tally.listed, fetched=tally.fetched, unchanged=tally.unchanged, kept=tally.kept,
        duplicates=tally.duplicates, failures=dict(tally.failures),
        status="failed" if failed else "warning" if warned else "ok", message="; ".join(failed + warned) or None,
    )  # fmt: skip


def _is_no_news(source: SourceConfig, tally: Tally) -> bool:
    """Whether a source about works held knows none of them: other agencies register DOIs too."""
    return source.held and set(tally.failures) <= set(_EXPECTED)


def _most(left: Counter[str]) -> str:
    if len(left) == 1:
        return next(iter(left))
    named = [f"{why} ×{count}" for why, count in left.most_common(NAMED)]
    return ", ".join(named) + (f" and {len(left) - NAMED} more reasons" if len(left) > NAMED else "")


def _told(failures: Counter[str]) -> str:
    return ", ".join(f"{reason} ×{count}" for reason, count in sorted(failures.items()))


def unpack_report(rows: Sequence[dict[str, Any]]) -> CrawlReport:
    """Return the report that a crawl process wrote as JSON."""
    return CrawlReport(tuple(SourceReport(**row) for row in rows))
