from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.warehouse.make import NOW, TAGGER, annotate, at, document, fetch, load, tag_all
from warehouse import ids
from warehouse.addresses import address_key
from warehouse.errors import BaseTooNewError, BusyError, DamagedError
from warehouse.home import Home
from warehouse.migrate import Migration, connect, migrate, migrations
from warehouse.models import Annotation, Change, State
from warehouse.store import Store
from warehouse.store_links import EchoRow
from warehouse.store_load import Loading

URL = "https://example.org/story"


def rows(store: Store, table: str) -> list[tuple[object, ...]]:
    return store.con.table(table).order("all").fetchall()


def count(store: Store, table: str) -> int:
    return len(rows(store, table))


def test_a_text_that_goes_a_b_a_is_two_versions_three_showings_and_three_fetches(home: Home) -> None:
    with Store.open(home) as store:
        for seq, text in enumerate(["Admissions rose.", "Admissions fell.", "Admissions rose."], 1):
            store.load_fetch(fetch(seq, URL, days=seq), [document(URL, text)])
        assert (count(store, "version"), count(store, "showing"), count(store, "fetched")) == (2, 3, 3)
        assert store.last_loaded_seq() == 3


def test_loading_a_line_twice_changes_nothing(home: Home) -> None:
    batch = [Loading(fetch(n, f"{URL}/{n}"), [document(f"{URL}/{n}", f"Text {n}.")]) for n in range(1, 6)]
    with Store.open(home) as store:
        store.load_fetches(batch[:3])
        store.load_fetches(batch)
        once = {table: rows(store, table) for table in ("document", "version", "showing", "fetched", "alias")}
        store.load_fetches(batch)
        assert once == {table: rows(store, table) for table in once}
        assert len(once["fetched"]) == 5


def test_one_batch_or_line_by_line_gives_the_same_rows(tmp_path: Path) -> None:
    texts = ["One.", "Two.", "One.", "One.", "Three."]
    batch = [Loading(fetch(n, URL, days=n), [document(URL, text)]) for n, text in enumerate(texts, 1)]
    tables = []
    for name, parts in (("whole", [batch]), ("lines", [[line] for line in batch])):
        with Store.open(Home(tmp_path / name)) as store:
            for part in parts:
                store.load_fetches(part)
            assert store.last_loaded_seq() == 5
            tables.append({t: rows(store, t) for t in ("document", "version", "showing", "fetched", "alias")})
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    ("url", "note"),
    [
        ("http://www.example.org/story", "scheme and www"),
        ("https://example.org/story/", "a last slash"),
        ("https://example.org/story#part", "a fragment"),
        ("https://EXAMPLE.org/story?utm_source=x&fbclid=1", "trackers"),
        ("https://example.org:443/story", "the default port"),
    ],
)
def test_spellings_of_one_address_are_one_document(home: Home, url: str, note: str) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "Text.")])
        store.load_fetch(fetch(2, url), [document(url, "Text.")])
        assert count(store, "document") == 1, note
    assert address_key(address_key(url)) == address_key(url)


def test_a_redirect_meets_the_document_it_leads_from(home: Home) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "Text.")])
        moved = "https://example.org/moved"
        store.load_fetch(fetch(2, URL, final_url=moved), [document(moved, "Text.")])
        store.load_fetch(fetch(3, moved), [document(moved, "Text.")])
        assert count(store, "document") == 1
        assert rows(store, "document")[0][0] == ids.document_id(address_key(URL))


def test_another_site_cannot_claim_a_page_by_its_canonical_link(home: Home) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "Text.")])
        copy = document("https://copy.example.net/a", "Other.", canonical_url=URL, aliases=(URL,))
        store.load_fetch(fetch(2, copy.url), [copy])
        assert count(store, "document") == 2


def test_records_of_one_listing_are_documents_of_their_own(home: Home) -> None:
    listing = "https://api.example.org/works?page=1"
    with Store.open(home) as store:
        one = document("https://a.example/1", "One.", doi="10.1/A")
        two = document("https://a.example/2", "Two.")
        store.load_fetch(fetch(1, listing, role="records"), [one, two])
        store.load_fetch(fetch(2, listing, role="records"), [two])
        by_doi = document("https://a.example/new-address", "One.", doi="https://doi.org/10.1/a")
        store.load_fetch(fetch(3, listing, role="records"), [by_doi])
        assert count(store, "document") == 2


def test_declared_states_become_versions_in_their_order(home: Home) -> None:
    states = (State("T", "First.", at(-9)), State("T", "Second.", at(-5)), State("T", "Third."))
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "First.", title="T")])
        store.load_fetch(fetch(2, URL, days=1), [document(URL, "Third.", title="T", states=states)])
        shown = store.con.execute(
            "select v.text, v.declared_at is not null from showing s join version v on v.id = s.version order by n"
        ).fetchall()
        assert shown == [("First.", False), ("Second.", True), ("Third.", False)]


def test_unchanged_and_gone_are_news_of_the_document(home: Home) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "Text.")])
        store.load_fetch(fetch(2, URL, days=1, outcome="unchanged"), [])
        state = "select status, last_seen from document"
        assert store.con.execute(state).fetchall() == [("live", at(1).replace(tzinfo=None))]
        store.load_fetch(fetch(3, URL, days=2, outcome="gone"), [])
        store.load_fetch(fetch(4, URL, days=3, outcome="failed"), [])
        assert store.con.execute(state).fetchall() == [("gone", at(1).replace(tzinfo=None))]
        assert store.con.execute("select distinct document is null from fetched where seq < 4").fetchall() == [(False,)]


def test_a_suspect_body_leaves_the_good_version_current(home: Home) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "Good text.")])
        store.load_fetch(fetch(2, URL), [document(URL, "Please log in.", suspect="login wall")])
        assert (count(store, "version"), count(store, "showing")) == (1, 1)


def test_metadata_storage_keeps_no_text(home: Home) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "Secret text.", comments=("c",))], storage="metadata")
        text, kept, comments, sha = store.con.execute(
            "select text, kept, comments, text_sha256 from version"
        ).fetchall()[0]
        assert (text, kept, comments, sha) == ("", "metadata", None, ids.body_sha256(b"Secret text."))


def test_lone_surrogates_are_stored_as_replacement_characters_of_the_same_length(home: Home) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "a\ud800b\x00c", title="t\udfff")])
        assert store.con.execute("select title, text from version").fetchall() == [("t\ufffd", "a\ufffdb\x00c")]


def test_annotations_come_back_as_they_were_put(home: Home) -> None:
    text = "Intro. Admissions rose by 12% in Leeds. The Better Care Fund will recruit staff."
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, text, comments=("We found staff tired.",))])
        store.load_fetch(fetch(2, URL), [document(URL, text + " More.")])
        assert tag_all(store) == 2
        assert tag_all(store) == 0
        pair = store.latest_two(ids.document_id(address_key(URL)))
        assert pair is not None
        assert list(pair.old.annotations) == annotate(text, ["We found staff tired."])
        assert len(pair.old.threads) == 3
        assert pair.comparable


def test_tagging_anew_keeps_threads_and_replaces_the_rest(home: Home) -> None:
    with Store.open(home) as store:
        load(store, {URL: "Admissions rose by 12%."})
        tag_all(store)
        threads = [row[1] for row in rows(store, "claim")]
        assert tag_all(store, "test-2") == 1
        assert [row[1] for row in rows(store, "claim")] == threads
        assert {row[-1] for row in rows(store, "passage")} == {"test-2"}
        assert count(store, "vector") == count(store, "claim") == 1


def test_a_newer_tagger_that_claims_less_leaves_no_thread_behind(home: Home) -> None:
    with Store.open(home) as store:
        store.load_fetch(fetch(1, URL), [document(URL, "Admissions rose by a tenth. Costs fell.")])
        tag_all(store)
        (batch,) = store.untagged("tagger-2")
        nothing: list[Annotation] = []
        store.put_annotated(batch[0].version, nothing, np.zeros((0, 384), np.float32), "tagger-2")
        assert (count(store, "claim"), count(store, "thread")) == (0, 0)


def test_vectors_are_kept_within_half_a_step(home: Home) -> None:
    vector = np.random.default_rng(1).standard_normal((1, 384)).astype(np.float32)
    vector /= np.linalg.norm(vector)
    with Store.open(home) as store:
        load(store, {URL: "Admissions rose."})
        version = rows(store, "version")[0][0]
        store.put_annotated(str(version), annotate("Admissions rose."), vector, TAGGER)
        scale, kept = store.con.execute("select scale, v from vector").fetchall()[0]
        assert np.abs(np.array(kept) * scale - vector[0]).max() <= scale / 2 + 1e-7


def test_threads_are_carried_by_a_comparison_and_changes_hang_on_them(home: Home) -> None:
    with Store.open(home) as store:
        load(store, {URL: "Admissions rose by 12%."})
        load(store, {URL: "Admissions rose by 14%."}, first_seq=2, days=1)
        tag_all(store)
        (pair,) = store.pairs_to_compare()
        (old,), (new,) = pair.old.threads, pair.new.threads
        change = Change("figure_changed", "Admissions rose by 12%.", "Admissions rose by 14%.", True, (), {}, old, new)
        store.put_changes(pair, [change], run=1, threads={new: pair.old.threads[old]})
        assert {row[1] for row in rows(store, "claim")} == {pair.old.threads[old]}
        assert count(store, "thread") == 1
        assert list(store.pairs_to_compare()) == []
        found = store.con.execute("select kind, thread, seen_at from change").fetchall()
        assert found == [("figure_changed", pair.old.threads[old], at(1).replace(tzinfo=None))]


def test_the_same_body_read_by_another_extractor_is_no_change(home: Home) -> None:
    with Store.open(home) as store:
        line = fetch(1, URL)
        store.load_fetches([Loading(line, [document(URL, "Old reading.")], extractor="x1")])
        store.load_fetches([Loading(line, [document(URL, "New reading.")], extractor="x2", again=True)])
        tag_all(store)
        (pair,) = store.pairs_to_compare()
        assert not pair.comparable
        assert count(store, "fetched") == 1


def test_echoes_are_named_by_their_members(home: Home) -> None:
    with Store.open(home) as store:
        store.replace_echoes("copy", [EchoRow("any", "b"), EchoRow("any", "a", original=True)], [("a", "c", 0.5)])
        store.replace_echoes("copy", [EchoRow("other", "a", original=True), EchoRow("other", "b")])
        assert [row[0] for row in rows(store, "echo")] == [ids.make_id("echo", "copy", "a", "b")] * 2
        assert count(store, "unsure") == 0


def test_erasing_leaves_nothing_but_a_tombstone_and_the_page_does_not_come_back(home: Home) -> None:
    with Store.open(home) as store:
        load(store, {URL: "Admissions rose by 12%.", "https://example.org/b": "Staff will go."})
        tag_all(store)
        doc = ids.document_id(address_key(URL))
        bodies = store.erase_documents([doc], NOW, "asked")
        assert bodies == [fetch(1, URL).body_sha256]
        for table in ("document", "version", "passage", "claim", "vector", "thread"):
            assert count(store, table) == 1, table
        store.load_fetch(fetch(9, URL), [document(URL, "Admissions rose by 12%.")])
        assert count(store, "document") == 1
        assert store.tombstones() == [address_key(URL)]


def test_the_memo_survives_closing(home: Home) -> None:
    with Store.open(home) as store:
        store.memo["a"] = "1"
        store.memo["a"] = "2"
        assert store.memo["a"] == "2"
        assert "b" not in store.memo
    with Store.open(home) as store:
        assert dict(store.memo) == {"a": "2"}


def test_a_failing_write_leaves_nothing_half_done(home: Home) -> None:
    with Store.open(home) as store:
        load(store, {URL: "Admissions rose."})
        version = str(rows(store, "version")[0][0])
        with pytest.raises(ValueError, match="vectors"):
            store.put_annotated(version, annotate("Admissions rose."), np.zeros((0, 384), np.float32), TAGGER)
        assert count(store, "passage") == 0
        tag_all(store)
        assert count(store, "passage") == 1


def test_an_older_database_is_migrated_after_a_copy_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    con = connect(path)
    migrate(con, path)
    step = Migration(2, "002_more", "alter table document add column more varchar;")
    copy = migrate(con, path, [*migrations(), step])
    con.close()
    assert copy is not None
    assert copy.exists()
    assert "more" not in connect(copy).table("document").columns


def test_a_step_that_fails_leaves_the_database_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    con = connect(path)
    migrate(con, path)
    bad = Migration(2, "002_bad", "create table half (a integer); create table document (a integer);")
    with pytest.raises(Exception, match="002_bad"):
        migrate(con, path, [*migrations(), bad])
    assert con.execute("select count(*) from migration").fetchall() == [(1,)]
    assert not con.execute("select 1 from duckdb_tables() where table_name = 'half'").fetchall()


def test_a_newer_database_is_refused(home: Home) -> None:
    with Store.open(home) as store:
        store.con.execute("insert into migration values (999, '999_later', 'x')")
    with pytest.raises(BaseTooNewError, match="newer"):
        Store.open(home)


def test_a_file_that_is_no_database_is_named(home: Home) -> None:
    home.work.write_bytes(b"not a database" * 1000)
    with pytest.raises(DamagedError, match="claimwatch rebuild"):
        Store.open(home)


def test_the_writer_has_no_way_out(home: Home) -> None:
    import duckdb

    with Store.open(home) as store:
        for sql in ("select * from read_text('/etc/passwd')", "copy document to '/tmp/x.csv'", "set threads = 1"):
            with pytest.raises(duckdb.Error):
                store.con.execute(sql)


def test_a_second_writer_is_told_that_it_is_busy(home: Home) -> None:
    import subprocess
    import sys

    with Store.open(home):
        code = "import sys; from pathlib import Path; from warehouse.home import Home\n"
        code += "from warehouse.store import Store; Store.open(Home(Path(sys.argv[1])))"
        argv, root = [sys.executable, "-c", code, str(home.root)], Path(__file__).parents[2]
        done = subprocess.run(argv, capture_output=True, text=True, cwd=root, check=False)
    assert BusyError.__name__ in done.stderr
