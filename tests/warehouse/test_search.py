from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.warehouse.make import WordEncoder, at, document, fetch, tag_all
from warehouse.errors import NoBaseError, UsageError
from warehouse.home import Home
from warehouse.models import Change
from warehouse.people import People
from warehouse.publish import publish
from warehouse.queries import Base, Filters, open_base
from warehouse.store import Store
from warehouse.store_links import EchoRow

PAGES = [
    # address, publisher, published, title, text
    ("https://a.example/audit", "Auditors", "2016-05-01", "Pooled budgets examined",
     "Intro. Emergency admissions rose by 12% in Leeds. We found staff shortages in every area."),
    ("https://b.example/plan", "Ministry", "2014-02-01", "The plan",
     "The Better Care Fund will cut emergency admissions by 3%. It will recruit staff."),
    ("https://c.example/story", "Paper", "2017-03-02", "A story",
     "Auditors speak. Emergency admissions rose by 12% in Leeds. Records were found to be shared late."),
    ("https://d.example/study", "Journal", "2019-07-07", "A study of integration",
     "An evaluation found that integrated teams cut costs. Integration rose slowly, said the café's owner."),
]  # fmt: skip
RETRACTED = {
    "retracted": True,
    "updated_by": [{"doi": "10.5555/notice", "type": "retraction", "at": "2020-02-03"}],
}
ENCODE = WordEncoder().encode


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("search") / "home").make()
    with Store.open(home) as store:
        store.put_sources([{
            "name": "test", "title": "Test", "type": "feed", "licence": "OGL", "storage": "full",
            "config": {"kind": "news"}, "digest": "d",
        }])  # fmt: skip
        for seq, (url, publisher, day, title, text) in enumerate(PAGES, 1):
            extra = RETRACTED if publisher == "Journal" else {}
            page = document(url, text, title=title, publisher=publisher, published=day, extra=extra)
            store.load_fetch(fetch(seq, url, days=seq), [page], extractor="x1")
        changed = PAGES[0][4].replace("12%", "14%") + " More."
        page = document(PAGES[0][0], changed, title=PAGES[0][3], publisher="Auditors", published="2016-05-01")
        tag_all(store)
        store.load_fetch(fetch(9, page.url, days=9), [page], extractor="x1")
        tag_all(store)
        (pair,) = store.pairs_to_compare()
        old, new = sorted(pair.old.threads), sorted(pair.new.threads)
        threads = dict(zip(new, (pair.old.threads[span] for span in old), strict=True))
        quotes = [pair.old.text[slice(*old[0])], pair.new.text[slice(*new[0])]]
        store.put_changes(pair, [Change("figure_changed", *quotes, True, (), {}, old[0], new[0])], 1, threads=threads)
        audit, story = (
            pair.document,
            str(store.con.execute("select id from document where publisher = 'Paper'").fetchall()[0][0]),
        )
        store.replace_echoes("near_copy", [EchoRow("c", audit, original=True), EchoRow("c", story)])
        publish(home, store, at(10), store.begin_run("test", at(10)))
    return home


@pytest.fixture(scope="module")
def base(made: Home) -> Iterator[Base]:
    found = open_base(made)
    yield found
    found.close()


def quotes(base: Base, query: str, **more: object) -> list[str]:
    return [hit.quote for hit in base.search(query, mode="words", **more).hits]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "found", "note"),
    [
        ("admission", 3, "stems meet"),
        ('"emergency admissions"', 3, "a phrase"),
        ('"admissions emergency"', 0, "a phrase keeps its order"),
        ('"admissions emergency"~3', 3, "near does not"),
        ("integrat*", 2, "a prefix"),
        ("admissions AND leeds", 2, "both"),
        ("admissions OR records", 4, "either"),
        ("admissions NOT leeds", 1, "not"),
        ("admissions -leeds", 1, "minus"),
        ("-admissions", 5, "only excluded: all the others"),
        ("(records OR costs) AND found", 2, "a group"),
        ("title:integration", 2, "a field"),
        ('publisher:"ministry"', 2, "another"),
        ("cafe", 1, "accents are folded"),
        ("the of and", 2, "only stopwords: they are searched for"),
        ("nosuchword", 0, "nothing"),
    ],
)
def test_the_grammar_finds(base: Base, query: str, found: int, note: str) -> None:
    result = base.search(query, mode="words")
    assert result.total == found, (note, [hit.quote for hit in result.hits])
    assert result.notes == ()


@pytest.mark.parametrize(
    "query",
    ['"admissions rose', "(admissions", "admissions)", "admissions AND", "OR admissions", "author:admissions", "NOT"],
)
def test_what_cannot_be_parsed_is_searched_as_plain_words_and_says_so(base: Base, query: str) -> None:
    result = base.search(query, mode="words")
    assert "plain words" in result.notes[0]
    assert result.total == (0 if query == "NOT" else result.total)
    if "admissions" in query:
        assert result.total >= 3


@pytest.mark.parametrize(
    "query",
    ["'; drop table claim; --", "%", "_", "\\", "a\x00b", "read_csv('/etc/passwd')", "*", '""', ":" * 99, "(" * 500],
)
def test_hostile_text_finds_nothing_or_something_but_never_fails(base: Base, query: str) -> None:
    assert base.search(query, mode="words").total <= 8


def test_a_query_of_a_megabyte_is_refused_clearly(base: Base) -> None:
    with pytest.raises(UsageError, match="10,000"):
        base.search("a" * 1_000_000)


def test_an_empty_query_is_everything_newest_first(base: Base) -> None:
    result = base.search("")
    days = [hit.published for hit in result.hits]
    assert result.total == 8
    assert result.documents == 4
    assert days == sorted(days, reverse=True, key=str)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(kinds=("commitment",)), 2),
        (Filters(kinds=("commitment", "finding")), 8),
        (Filters(themes=("workforce",)), 2),
        (Filters(themes=("workforce:barrier",)), 2),
        (Filters(themes=("workforce:enabler",)), 0),
        (Filters(outcomes=("emergency_admissions",)), 3),
        (Filters(directions=("worsened",)), 3),
        (Filters(programmes=("better_care_fund",)), 1),
        (Filters(places=("leeds",)), 2),
        (Filters(publishers=("Paper",)), 2),
        (Filters(source_types=("news",)), 8),
        (Filters(since_year=2017), 4),
        (Filters(until_year=2014), 2),
        (Filters(since_year=2016, until_year=2016), 2),
        (Filters(changes=("figure_changed",)), 1),
        (Filters(speakers=("The auditor",)), 8),
        (Filters(kinds=("finding",), places=("leeds",), since_year=2017), 1),
    ],
)
def test_filters_narrow_words_meaning_and_both_alike(base: Base, filters: Filters, found: int) -> None:
    assert base.search("", filters=filters).total == found
    meaning = base.search("admissions rose in Leeds", filters=filters, mode="meaning", encoder=ENCODE)
    everything = {hit.claim for hit in base.search("", filters=filters).hits}
    assert {hit.claim for hit in meaning.hits} <= everything
    both = base.search("admissions rose in Leeds", filters=filters, encoder=ENCODE)
    words = base.search("admissions rose in Leeds", filters=filters, mode="words")
    assert both.total == len({h.claim for h in words.hits} | {h.claim for h in meaning.hits})


def test_facet_counts_leave_out_their_own_filter_and_equal_what_choosing_gives(base: Base) -> None:
    filters = Filters(kinds=("commitment",), publishers=("Ministry",))
    result = base.search("admissions staff", mode="words", filters=filters)
    for value, count in result.facets["kind"]:
        chosen = base.search(
            "admissions staff", mode="words", filters=Filters(kinds=(value,), publishers=("Ministry",))
        )
        assert chosen.total == count
    for value, count in result.facets["publisher"]:
        chosen = base.search(
            "admissions staff", mode="words", filters=Filters(kinds=("commitment",), publishers=(value,))
        )
        assert chosen.total == count


def test_a_copy_is_folded_and_found_by_either_publisher(tmp_path: Path) -> None:
    with Store.open(Home(tmp_path)) as store:
        text = "Emergency admissions rose by 12%."
        for seq, (url, name) in enumerate([("https://a.example/", "One"), ("https://b.example/", "Two")], 1):
            store.load_fetch(fetch(seq, url), [document(url, text, publisher=name)])
        tag_all(store)
        ids = [row[0] for row in store.con.execute("select id from document order by url").fetchall()]
        store.replace_echoes("copy", [EchoRow("c", ids[0], original=True), EchoRow("c", ids[1])])
        publish(Home(tmp_path), store, at(), 1)
    found = open_base(Home(tmp_path))
    result = found.search("admissions", mode="words")
    assert (result.total, result.hits[0].copies, result.hits[0].publisher) == (1, 1, "One")
    assert result.facets["publisher"] == (("One", 1), ("Two", 1))
    assert found.search("admissions", mode="words", filters=Filters(publishers=("Two",))).hits[0].publisher == "Two"
    assert len(list(found.evidence_rows("admissions"))) == 2


def test_matched_words_and_context_stand_with_the_hit(base: Base) -> None:
    hit = base.search("admission leeds", mode="words").hits[0]
    assert [hit.quote[a:b] for a, b in hit.matched] == ["admissions", "Leeds"]
    assert hit.before in ("Intro.", "Auditors speak.")
    assert hit.after


def test_sorts_order_by_date_change_and_repetition(base: Base) -> None:
    newest = [hit.published for hit in base.search("admissions", mode="words", sort="newest").hits]
    assert newest == [date(2017, 3, 2), date(2016, 5, 1), date(2014, 2, 1)]
    changed = base.search("admissions", mode="words", sort="changed").hits[0]
    assert (changed.change, "14%" in changed.quote) == ("figure_changed", True)
    assert base.search("admissions", mode="words", sort="repeated").total == 3


def test_meaning_finds_what_words_do_not_and_says_when_it_cannot(base: Base) -> None:
    by_words = base.search("admissions", mode="both")
    assert by_words.mode == "words"
    assert "encoder" in by_words.notes[0]
    found = base.search("emergency admissions rose", mode="meaning", encoder=ENCODE)
    assert found.mode == "meaning"
    assert "admissions rose by" in found.hits[0].quote
    assert found.hits[0].likeness is not None
    assert found.meaning_floor is not None
    assert all(hit.likeness >= found.meaning_floor for hit in found.hits if hit.likeness is not None)


def test_reviewed_claims_can_be_asked_for_and_show_the_persons_value(base: Base, made: Home) -> None:
    people = People(made.people)
    thread = base.search("costs", mode="words").hits[0].claim
    people.decide(at(), "Ada", thread, "kind", "assertion")
    people.decide(at(), "Ada", thread, "theme:workforce", "enabler")
    overlay = people.overlay()
    (hit,) = base.search("", filters=Filters(reviewed=True), overlay=overlay).hits
    assert (hit.claim, hit.kind, hit.reviewed, hit.themes[0][:2]) == (
        thread,
        "assertion",
        True,
        ("workforce", "enabler"),
    )
    assert base.search("", filters=Filters(reviewed=False), overlay=overlay).total == 7


def test_filters_and_facets_count_a_persons_kind_and_themes(base: Base, tmp_path: Path) -> None:
    people = People(tmp_path / "people.sqlite")
    costs, staff = (base.search(word, mode="words").hits[0] for word in ("costs", "shortages"))
    before = base.search("", size=50)
    assert (costs.kind, dict(before.facets["kind"])) == ("finding", {"finding": 6, "commitment": 2})
    people.decide(at(), "Ada", costs.claim, "kind", "assertion")
    people.decide(at(), "Ada", staff.claim, "theme:workforce", "none")
    people.decide(at(), "Ada", costs.claim, "theme:workforce", "enabler")
    overlay = people.overlay()
    after = base.search("", overlay=overlay)
    assert dict(after.facets["kind"]) == {"finding": 5, "commitment": 2, "assertion": 1}
    assert dict(after.facets["theme"])["workforce:enabler"] == 1
    assert dict(after.facets["theme"])["workforce:barrier"] == dict(before.facets["theme"])["workforce:barrier"] - 1
    for mode in ("words", "both"):
        found = base.search("", filters=Filters(kinds=("assertion",)), overlay=overlay, mode=mode, encoder=ENCODE)
        assert [hit.claim for hit in found.hits] == [costs.claim]
        assert dict(found.facets["kind"]) == dict(after.facets["kind"]), "a facet leaves its own filter out"
        found = base.search("costs", filters=Filters(kinds=("finding",)), overlay=overlay, mode=mode, encoder=ENCODE)
        assert costs.claim not in [hit.claim for hit in found.hits]
    enabling = Filters(themes=("workforce:enabler",), kinds=("assertion",))
    assert [hit.claim for hit in base.search("", filters=enabling, overlay=overlay).hits] == [costs.claim]
    assert [row["thread"] for row in base.evidence_rows("", filters=enabling, overlay=overlay)] == [costs.claim]
    assert base.search("", filters=enabling).total == 0, "and without people's word, the machine's stands"


@pytest.mark.parametrize("mode", ["words", "meaning", "both"])
def test_hits_without_facets_are_the_same_hits(base: Base, mode: str) -> None:
    whole = base.search("emergency admissions", mode=mode, encoder=ENCODE)
    bare = base.search("emergency admissions", mode=mode, encoder=ENCODE, facets=False)
    assert (bare.hits, bare.total, bare.facets) == (whole.hits, whole.total, {})


def test_a_base_that_cannot_be_written_is_searched_all_the_same(
    made: Home, base: Base, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = base.search("emergency admissions", mode="words").hits
    folder = base.snapshot.words(made)
    before = sorted(path.name for path in folder.iterdir())
    monkeypatch.setattr("warehouse.index.words.os.access", lambda *_: False)
    other = open_base(made)
    assert other.search("emergency admissions", mode="words").hits == found
    assert sorted(path.name for path in folder.iterdir()) == before
    other.close()


def test_pages_do_not_overlap_and_together_are_the_whole(base: Base) -> None:
    whole = base.search("emergency admissions staff", encoder=ENCODE, size=8)
    pages = [base.search("emergency admissions staff", encoder=ENCODE, page=n, size=2).hits for n in range(1, 5)]
    assert [hit.claim for page in pages for hit in page] == [hit.claim for hit in whole.hits]


@pytest.mark.parametrize("bad", [{"mode": "guess"}, {"sort": "best"}, {"page": 0}, {"size": 0}, {"page": 10**9}])
def test_what_cannot_be_asked_names_what_can(base: Base, bad: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        base.search("a", **bad)  # type: ignore[arg-type]


def test_the_answer_has_the_contracts_shape(base: Base) -> None:
    found = json.loads(json.dumps(base.search("admissions", encoder=ENCODE).to_json(), default=str))
    assert {"query", "mode", "total", "hits", "facets", "snapshot"} <= set(found)
    keys = {
        "claim",
        "document",
        "title",
        "publisher",
        "published",
        "url",
        "deep_link",
        "quote",
        "before",
        "after",
        "kind",
    }
    assert keys | {"themes", "score", "change", "copies"} <= set(found["hits"][0])


def test_filters_survive_being_kept_as_json() -> None:
    filters = Filters(kinds=("finding",), since_year=2015, reviewed=False)
    assert Filters.from_json(json.loads(json.dumps(filters.to_json()))) == filters
    with pytest.raises(UsageError, match="colour"):
        Filters.from_json({"colour": "red"})


def test_no_base_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NoBaseError, match="claimwatch demo"):
        open_base(Home(tmp_path))


def test_a_word_search_in_a_fresh_process_is_quick_and_imports_no_torch(made: Home) -> None:
    code = """
import sys, time; from pathlib import Path
from warehouse.home import Home; from warehouse.queries import open_base
print(open_base(Home(Path(sys.argv[1]))).search("admissions", mode="words").total, "torch" in sys.modules,
      time.process_time())
"""
    root = Path(__file__).parents[2]
    run = [sys.executable, "-c", code, str(made.root)]
    out = min((subprocess.run(run, capture_output=True, text=True, check=True, cwd=root).stdout for _ in range(2)),
              key=lambda line: float(line.split()[2]))  # fmt: skip
    total, torch, took_s = out.split()
    assert (total, torch) == ("3", "False")
    assert float(took_s) < 1.0
