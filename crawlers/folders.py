"""Local sources: the files of a folder, kept the way of every body, with no network in between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import islice

from crawlers.adapters.base import Body, Request
from crawlers.adapters.local import LocalAdapter
from crawlers.fate import Fate, Page
from crawlers.frontier import Frontier
from crawlers.recorder import Record, Recorder
from crawlers.sources import SourceConfig
from crawlers.tally import Tally
from warehouse.errors import ClaimwatchError
from warehouse.ids import body_sha256
from warehouse.models import Fetch

BATCH = 64


def read_folder(
    source: SourceConfig, frontier: Frontier, recorder: Recorder, now: datetime, run: int,
    tell: Callable[[int, str], None],
) -> Tally:  # fmt: skip
    """Keep every file of a local source; one that is as it was is unchanged, one that is there no more is gone."""
    at = now.isoformat(timespec="milliseconds")
    tally = Tally(request=source.path or "", started=at, ended=at)
    bodies = iter(LocalAdapter().bodies(source))
    try:
        while batch := list(islice(bodies, min(BATCH, source.max_pages - tally.asked))):
            _keep(source, batch, frontier, recorder, now, run, tally)
            tell(len(batch), source.name)
    except ClaimwatchError as error:
        tally.lost.append(str(error))
        return tally
    if tally.asked < source.max_pages:
        _note_gone(source, frontier, recorder, now, run, tally)
    return tally


def _keep(
    source: SourceConfig, bodies: Sequence[Body], frontier: Frontier, recorder: Recorder, now: datetime, run: int,
    tally: Tally,
) -> None:  # fmt: skip
    now_s, records, pages = now.timestamp(), [], []
    bodies = [body for body in bodies if not frontier.is_erased(body.url)]
    frontier.add(source.name, [Request(body.url, "document", body.hints) for body in bodies], now_s)
    for body in bodies:
        page = frontier.take(source.name, body.url, now_s)
        sha256 = body_sha256(body.content)
        outcome = "unchanged" if page.body_sha256 == sha256 else "ok" if body.content else "failed"
        headers = {"content-type": body.content_type} if body.content_type else {}
        fetch = Fetch(
            seq=0, run=run, source=source.name, url=body.url, final_url=body.url,
            at=now.isoformat(timespec="milliseconds"), status=None, outcome=outcome, role="document", headers=headers,
            body_sha256=sha256 if body.content else None, bytes=len(body.content), hints=dict(body.hints),
            reason=None if body.content else str(body.hints.get("unread", "empty")),
        )  # fmt: skip
        records.append(Record(fetch, body.content if outcome == "ok" else None))
        pages.append(page)
    tally.asked += len(bodies)
    tally.keys |= {page.key for page in pages}
    _settle(source, recorder.write(records), pages, frontier, now_s, tally)


def _note_gone(
    source: SourceConfig, frontier: Frontier, recorder: Recorder, now: datetime, run: int, tally: Tally
) -> None:
    gone = frontier.unlisted(source.name)
    records = [
        Record(Fetch(
            seq=0, run=run, source=source.name, url=page.url, final_url=page.url,
            at=now.isoformat(timespec="milliseconds"), status=None, outcome="gone", reason="the file is there no more",
        ))
        for page in gone
    ]  # fmt: skip
    _settle(source, recorder.write(records), gone, frontier, now.timestamp(), tally)


def _settle(
    source: SourceConfig,
    fetches: Iterable[Fetch],
    pages: Iterable[Page],
    frontier: Frontier,
    now_s: float,
    tally: Tally,
) -> None:
    for page, fetch in zip(pages, fetches, strict=True):
        fate = Fate(fetch.outcome, fetch.seq, fetch.reason, fetch.body_sha256, final_url=fetch.url)
        frontier.settle(page, fate, now_s, source.revisit)
        tally.fetched += fetch.outcome == "ok"
        tally.kept += fetch.outcome == "ok"
        tally.unchanged += fetch.outcome == "unchanged"
        if fetch.outcome == "failed":
            tally.failures[(fetch.reason or "failed").partition(":")[0]] += 1
