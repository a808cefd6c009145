"""Ledger and bodies into the store: nothing lost, nothing twice, nothing parsed without need."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawlers.load import load
from crawlers.sandbox import Sandbox
from crawlers.sources import SourceConfig
from warehouse.home import Home
from warehouse.models import Fetch
from warehouse.raw import Ledger, put_body
from warehouse.store import Store

NOW = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
PAGE = """<!doctype html><html lang="en"><head><title>{title} | The Care Ledger</title></head><body><nav><a
href="/">Home</a></nav>
<article><h1>{title}</h1><p>{first} The partnership board agreed the plan in March and published it in full.</p>
<p>Managers told the board that two organisations still pay different rates for the same work, and that recruitment
to the joint
team has been slow because of it. A review is due before the winter.</p>
<p>Nobody at the meeting argued against the pooled budget, though three members asked for a yearly account of what
it buys.</p>
</article><footer>Served on {footer}</footer></body></html>"""


def page(first: str, title: str = "Joint teams in the county", footer: str = "1 March") -> bytes:
    return PAGE.format(first=first, title=title, footer=footer).encode()


def source(name: str = "sample", storage: str = "full") -> SourceConfig:
    return SourceConfig.model_validate({
        "name": name, "title": "Sample", "type": "page-list", "licence": "OGL-UK-3.0", "storage": storage,
        "urls": ["https://example.org/a"],
    })  # fmt: skip


class Recorder:
    """Writes bodies and ledger lines the way the crawl does."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.ledger = Ledger(home.ledger)

    def fetch(self, path: str, body: bytes | None, outcome: str = "ok", source: str = "sample", **more: str) -> Fetch:
        sha256 = put_body(self.home.raw, body) if body is not None else None
        seq, url = self.ledger.next_seq, more.get("url", f"https://example.org/{path}")
        fetch = Fetch(
            seq=seq, run=1, source=source, url=url, final_url=url,
            at=f"2024-03-{min(seq, 28):02d}T02:00:00+00:00", status=304 if outcome == "unchanged" else 200,
                outcome=outcome,
            headers={"content-type": more.get("content_type", "text/html; charset=utf-8")}, body_sha256=sha256,
            role=more.get("role", "document"),
            bytes=len(body or b""),
        )  # fmt: skip
        self.ledger.append_fetch(fetch)
        return fetch


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(workers=1) as sandbox:
        yield sandbox


@pytest.fixture
def recorder(home: Home) -> Recorder:
    return Recorder(home)


def run(home: Home, box: Sandbox, *sources: SourceConfig) -> tuple[object, dict[str, int]]:
    with Store.open(home) as store:
        report = load(home, store, {s.name: s for s in sources or (source(),)}, NOW, sandbox=box)
        counts = {
            table: store.con.execute(f"select count(*) from {table}").fetchall()[0][0]  # noqa: S608 - our own names
            for table in ("document", "version", "showing", "fetched")
        }
    return report, counts


def test_pages_become_documents_with_versions(home: Home, box: Sandbox, recorder: Recorder) -> None:
    recorder.fetch("a", page("Waits fell by 12%."))
    recorder.fetch("b", page("Waits rose.", title="Another page"))
    recorder.fetch("a", page("Waits fell by 9%."))
    _, counts = run(home, box)
    assert counts == {"document": 2, "version": 3, "showing": 3, "fetched": 3}


def test_loading_twice_adds_nothing(home: Home, box: Sandbox, recorder: Recorder) -> None:
    recorder.fetch("a", page("Waits fell by 12%."))
    first = run(home, box)[1]
    assert run(home, box)[1] == first


def test_unchanged_fetches_are_kept_and_parse_nothing(home: Home, box: Sandbox, recorder: Recorder) -> None:
    recorder.fetch("a", page("Waits fell by 12%."))
    recorder.fetch("a", None, outcome="unchanged")
    recorder.fetch("a", page("Waits fell by 12%."))
    run(home, box)
    recorder.fetch("a", page("Waits fell by 12%."))
    report, counts = run(home, box)
    assert counts == {"document": 1, "version": 1, "showing": 1, "fetched": 4}
    assert report.read == 0


def test_a_date_in_the_footer_makes_no_version(home: Home, box: Sandbox, recorder: Recorder) -> None:
    recorder.fetch("a", page("Waits fell by 12%.", footer="1 March 2024"))
    recorder.fetch("a", page("Waits fell by 12%.", footer="2 March 2024"))
    assert run(home, box)[1]["version"] == 1


def test_an_unreadable_body_is_a_marked_failure_and_the_run_goes_on(
    home: Home, box: Sandbox, recorder: Recorder
) -> None:
    recorder.fetch("a", b"<html><body><p " + b"a=1 " * 50_000 + b">x</p></body></html>")
    recorder.fetch("b", page("Waits rose."))
    report, counts = run(home, box)
    assert report.failures == {"hostile markup": 1}
    assert counts["document"] == 1
    with Store.open(home) as store:
        outcome, reason = store.con.execute("select outcome, reason from fetched where seq = 1").fetchall()[0]
    assert outcome == "suspect"
    assert reason.startswith("hostile markup: ")


def test_a_body_that_is_gone_is_counted_not_fatal(home: Home, box: Sandbox, recorder: Recorder) -> None:
    fetch = recorder.fetch("a", page("Waits fell by 12%."))
    for file in (home.raw / "bodies").rglob(f"{fetch.body_sha256}*"):
        Path(file).unlink()
    report, counts = run(home, box)
    assert report.missing == 1
    assert counts["document"] == 0
    assert counts["fetched"] == 1


def test_b16_nothing_of_commenters_reaches_the_store(home: Home, box: Sandbox, recorder: Recorder) -> None:
    below = (
        '<ol class="comment-list"><li class="comment"><div class="comment-author">Planted Name</div>'
        '<div class="comment-content"><p>Ring me on 01632 960 123 or write to planted@mail.example.</p></div></li></ol>'
    )
    recorder.fetch("a", page("Waits fell by 12%.").replace(b"</article>", f"{below}</article>".encode()))
    run(home, box)
    with Store.open(home) as store:
        held = str(
            store.con.execute("select * from version").fetchall()
            + store.con.execute("select * from document").fetchall()
        )
    assert not [word for word in ("Planted", "01632", "planted@") if word in held]


@pytest.mark.parametrize("probed", [True, False])
def test_a14_a_page_like_the_hosts_not_found_page_is_suspect(
    home: Home, box: Sandbox, recorder: Recorder, probed: bool
) -> None:
    gone = "Our archive moved to a new home this spring, and older addresses lead here until the work is done. {}"
    recorder.fetch("a", page(gone.format("You asked for /a."), title="The archive"))
    recorder.fetch(
        "b", page("Waits fell by 12% in the first year of the joint plan, the board heard.", title="Another page")
    )
    if probed:
        body = page(gone.format("You asked for /no-such-page-7."), title="The archive")
        recorder.fetch("no-such-page-7", body, role="probe")
    run(home, box)
    with Store.open(home) as store:
        status = dict(store.con.execute("select title, status from document").fetchall())
    assert status == {"The archive": "suspect" if probed else "live", "Another page": "live"}


def test_a14_the_earlier_good_version_stays_current(home: Home, box: Sandbox, recorder: Recorder) -> None:
    recorder.fetch("a", page("Waits fell by 12%."))
    run(home, box)
    recorder.fetch("a", b"<html><head><title>Page not found</title></head><body><p>Page not found.</p></body></html>")
    report, counts = run(home, box)
    assert report.suspect == 1
    assert counts["version"] == 1
    with Store.open(home) as store:
        assert store.con.execute("select title, status from document").fetchall() == [
            ("Joint teams in the county", "live")
        ]
