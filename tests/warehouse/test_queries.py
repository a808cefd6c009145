from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tests.warehouse.make import at, document, fetch, tag_all
from tests.warehouse.test_search import PAGES, base, made  # noqa: F401
from warehouse.errors import ClaimwatchError, UsageError
from warehouse.home import Home
from warehouse.people import Decision, Overlay
from warehouse.publish import publish
from warehouse.queries import Base, Filters, open_base
from warehouse.queries.evidence import COLUMNS
from warehouse.queries.hits import said_by
from warehouse.queries.reader import Reader
from warehouse.snapshots import current
from warehouse.store import Store
from warehouse.store_links import EchoRow


def test_a_claim_shows_its_whole_life(base: Base) -> None:  # noqa: F811
    hit = base.search("", filters=Filters(changes=("figure_changed",))).hits[0]
    view = base.claim(hit.claim)
    assert [at.quote for at in view.history] == [hit.quote.replace("14%", "12%"), hit.quote]
    assert view.current
    assert [change.kind for change in view.changes] == ["figure_changed"]
    assert view.annotation.text == hit.quote
    assert base.claim(hit.passage).hit.claim == hit.claim
    with pytest.raises(UsageError, match="no claim"):
        base.claim("nothing")


def test_a_document_shows_versions_fetches_changes_and_echoes(base: Base) -> None:  # noqa: F811
    view = base.document(PAGES[0][0])
    assert [len(version.shown) for version in view.versions] == [1, 1]
    assert [fetch.seq for fetch in view.fetches] == [9, 1]
    assert [change.kind for change in view.changes] == ["figure_changed"]
    assert [echo.publisher for echo in view.echoes] == ["Paper"]
    assert view == base.document(view.id)
    found = base.annotations(view.versions[-1].id)
    assert [a.text for a in found.annotations] == [found.text[a.start : a.end] for a in found.annotations]


def test_a_retracted_work_says_so_on_its_page_and_in_its_tables(base: Base) -> None:  # noqa: F811
    views = {url: base.document(url) for url, *_ in PAGES}
    assert [url for url, view in views.items() if view.retracted] == [PAGES[3][0]]
    assert views[PAGES[3][0]].updated_by == (("retraction", "10.5555/notice", "2020-02-03"),)
    assert {row["url"] for row in base.evidence_rows() if row["retracted"]} == {PAGES[3][0]}


@pytest.mark.parametrize(
    ("asked", "count"),
    [({}, 1), ({"kind": "figure_changed"}, 1), ({"kind": "softened"}, 0), ({"theme": "workforce"}, 0),
     ({"source": "test"}, 1), ({"source": "other"}, 0)],
)  # fmt: skip
def test_changes_are_narrowed(base: Base, asked: dict[str, str], count: int) -> None:  # noqa: F811
    assert len(base.changes(**asked)) == count  # type: ignore[arg-type]


def test_barriers_over_time_count_a_copied_work_once(base: Base) -> None:  # noqa: F811
    counts = {(c.period, c.code): (c.works, c.claims) for c in base.barriers_over_time()}
    assert counts[("2016", "workforce")] == (1, 1)
    assert counts[("2014", "workforce")] == (1, 1)
    with pytest.raises(UsageError, match="quarter"):
        base.barriers_over_time("decade")


def test_most_named_barriers_of_some_years_say_by_whom(base: Base) -> None:  # noqa: F811
    every = {named.code: named for named in base.most_named()}
    since = {named.code: named for named in base.most_named(since=2015, until=2016)}
    assert (every["workforce"].works, since["workforce"].works) == (2, 1)
    assert dict(since["workforce"].publishers).keys() <= dict(every["workforce"].publishers).keys()
    assert base.most_named(since=2090) == []


def decided(thread: str, **values: str) -> dict[str, Overlay]:
    fields = {name.replace("_is_", ":"): value for name, value in values.items()}
    return {thread: Overlay({n: Decision(1, "2026-01-01", "Ann", thread, n, v, None, None) for n, v in fields.items()})}


def test_a_rejected_claim_and_its_copies_are_in_no_count_and_no_table(base: Base) -> None:  # noqa: F811
    quote = next(hit for hit in base.search("", size=50).hits if "shortages" in hit.quote)
    said = decided(quote.claim, verdict="reject")
    assert base.rejected(said) == {quote.claim}
    assert base.rejected({}) == frozenset()
    found = base.search("", size=50, overlay=said)
    assert found.total == base.search("").total  # a search shows it, as rejected
    assert [hit.claim for hit in found.hits if hit.rejected] == [quote.claim]
    assert base.search("", filters=Filters(rejected=True), overlay=said).total == 1
    assert base.search("", filters=Filters(rejected=False), overlay=said).total == found.total - 1
    named = sum(count.claims for count in base.barriers_over_time(polarity=None))
    assert sum(count.claims for count in base.barriers_over_time(polarity=None, overlay=said)) == named - 1


def test_what_a_copy_repeats_is_rejected_with_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").make()
    with Store.open(home) as store:
        for n, url in enumerate(("https://a.example/1", "https://b.example/1"), 1):
            page = document(url, "We found staff shortages in every area.", title="Same", published="2016-05-01")
            store.load_fetch(fetch(n, url, days=n), [page], extractor="x1")
        tag_all(store)
        a, b = (str(row[0]) for row in store.con.execute("select id from document order by url").fetchall())
        store.replace_echoes("copy", [EchoRow("copies", a, original=True), EchoRow("copies", b)])
        publish(home, store, at(10), store.begin_run("test", at(10)))
    found = open_base(home)
    (hit,) = found.search("").hits
    assert hit.copies == 1
    gone = found.rejected(decided(hit.claim, verdict="reject"))
    assert len(gone) == 2
    (other,) = gone - {hit.claim}
    assert found.rejected(decided(hit.claim, verdict="reject") | decided(other, verdict="accept")) == {hit.claim}
    assert found.barriers_over_time(overlay=decided(hit.claim, verdict="reject")) == []
    assert found.most_named(overlay=decided(hit.claim, verdict="reject")) == []
    found.close()


def test_the_map_and_trends_count_a_persons_kind_direction_and_themes(base: Base) -> None:  # noqa: F811
    (cell,) = base.evidence_map("place")
    hits = [hit for hit in base.search("", size=50).hits if hit.outcome == cell.outcome and hit.kind == "finding"]
    assert base.evidence_map("place", decided(hits[0].claim, verdict="reject")) != [cell]
    assert base.evidence_map("place", decided(hits[0].claim, kind="assertion")) != [cell]
    worse = base.evidence_map("place", decided(hits[0].claim, direction="no_effect"))
    assert worse[0].no_effect == cell.no_effect + 1
    themed = base.evidence_map("theme", decided(hits[0].claim, theme_is_equity="barrier"))
    assert [one.row for one in themed] == ["equity"]
    added = base.barriers_over_time(overlay=decided(hits[0].claim, theme_is_equity="barrier"))
    assert [count.works for count in added if count.code == "equity"] == [1]
    off = next(hit for hit in base.search("", size=50).hits if "shortages" in hit.quote)
    code = off.themes[0][0]
    before, after = (base.barriers_over_time(polarity=None, overlay=o) for o in (
        {}, decided(off.claim, **{f"theme_is_{code}": "none"})))  # fmt: skip
    assert sum(c.claims for c in after if c.code == code) == sum(c.claims for c in before if c.code == code) - 1


def test_an_unnamed_speaker_is_shown_by_role_or_kind() -> None:
    def who(kind: str, name: str | None = None, role: str | None = None) -> str | None:
        return said_by({"attribution_type": kind, "attribution_name": name, "attribution_role": role})

    assert who("person", "Jo Bell", "nurse") == "Jo Bell"
    assert who("person", None, "a nurse") == "a nurse"
    assert who("study") == "a study"
    assert who("author") is None
    assert said_by({"attribution_name": None}) is None  # an entry of an index that an earlier version wrote


def test_the_other_views_answer(base: Base) -> None:  # noqa: F811
    assert base.stats().claims == 8
    assert base.stats().claims_by_kind == {"commitment": 2, "finding": 6}
    assert [row.name for row in base.sources()] == ["test"]
    assert base.runs()[0].command == "test"
    assert base.theme("workforce").publishers
    assert base.speaker("The auditor").total == 8
    assert base.evidence_map("theme") == []
    assert {cell.row for cell in base.evidence_map("place")} == {"leeds"}
    assert base.promises() == base.disagreements() == []


def test_evidence_rows_hold_exact_quotes_and_all_columns(base: Base) -> None:  # noqa: F811
    rows = list(base.evidence_rows())
    assert len(rows) == 8
    assert set(COLUMNS) <= set(rows[0])
    texts = {v.id: v.text for url, *_ in PAGES for v in base.document(url).versions}
    assert all(row["quote"] in texts[row["version"]] for row in rows)
    rose = next(row for row in rows if "14%" in row["quote"])
    assert (rose["figure_value"], rose["figure_unit"], rose["figure_text"]) == (14.0, "%", "14%")
    assert rose["origin_of_each_value"]["kind"] == "m"
    assert [row["claim_id"] for row in base.evidence_rows(ids=[rose["claim_id"]])] == [rose["claim_id"]]
    assert len(list(base.evidence_rows("admissions"))) == 3
    assert len(list(base.evidence_rows(filters=Filters(kinds=("commitment",))))) == 2


def test_a_base_may_be_opened_twice_in_one_process_and_neither_has_a_way_out(base: Base, made: Home) -> None:  # noqa: F811
    again = open_base(made)
    assert again.stats() == base.stats()
    for sql in ("select * from read_text('/etc/passwd')", "set threads = 1", "create table x (a integer)"):
        for one in (base, again):
            with pytest.raises((ClaimwatchError, duckdb.Error)):
                one.reader.rows(sql)


def test_a_query_that_runs_on_is_stopped(base: Base) -> None:  # noqa: F811
    reader = Reader(base.snapshot.base(base.home), timeout_s=0.2)
    with pytest.raises(ClaimwatchError, match="took more than"):
        reader.rows("select count(*) from range(100000000) a, range(100000000) b where a.range * b.range = 7")
    assert reader.rows("select 1 as one") == [{"one": 1}]


def test_the_writer_shows_no_progress_bar_in_a_commands_output(home: Home) -> None:
    with Store.open(home) as store:
        assert store.con.execute("select current_setting('enable_progress_bar')").fetchall() == [(False,)]


def test_many_threads_may_open_one_snapshot_at_once(home: Home) -> None:
    with Store.open(home) as store:
        publish(home, store, at(), store.begin_run("test", at()))
    path = current(home).base(home)
    for _ in range(20):
        with ThreadPoolExecutor(8) as pool:
            for reader in list(pool.map(lambda _: Reader(path), range(8))):
                reader.close()
