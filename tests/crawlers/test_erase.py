"""Erasing an address or a domain: gone from bodies, store and frontier, and it stays gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crawlers.adapters.base import Request
from crawlers.erase import erase
from crawlers.frontier import Frontier
from crawlers.load import load
from crawlers.sandbox import Sandbox
from crawlers.sources import SourceConfig
from tests.crawlers.adapting import source
from warehouse.erasing import tombstone_of, tombstones_for
from warehouse.errors import UsageError
from warehouse.home import Home
from warehouse.models import Fetch
from warehouse.raw import Ledger, body_path, put_body
from warehouse.store import Store

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
PAGE = "<html lang='en'><body><article><h1>{0}</h1><p>{0}: " + "the board heard that delays fell again. " * 12
PAGES = source(name="pages", type="page-list", url="https://a.example/one")
WORKS = source(name="works", type="openalex", query="x", url="http://127.0.0.1:9")
SOURCES = {"pages": PAGES, "works": WORKS}
KEPT, GONE = "https://a.example/kept", "https://a.example/gone"


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(workers=1) as sandbox:
        yield sandbox


def record(home: Home, config: SourceConfig, url: str, body: bytes, final_url: str | None = None) -> str:
    """Keep a body and its line, as a crawl does; return the body's hash."""
    ledger = Ledger(home.ledger)
    role = "records" if config.type == "openalex" else "document"
    sha256 = put_body(home.raw, body)
    ledger.append_fetch(Fetch(
        seq=ledger.next_seq, run=1, source=config.name, url=url, final_url=final_url or url, at="2026-11-24T01:00:00Z",
        status=200, outcome="ok", role=role, headers={"content-type": "text/html"}, body_sha256=sha256,
        bytes=len(body), hints={"title": "A name to erase"},
    ))  # fmt: skip
    ledger.close()
    return sha256


def page(title: str) -> bytes:
    return PAGE.format(title).encode()


def urls(store: Store) -> list[str]:
    return sorted(row[0] for row in store.con.execute("select url from document").fetchall())


@pytest.fixture
def filled(home: Home, box: Sandbox) -> tuple[Home, dict[str, str]]:
    """A home with two pages of one site, one of another, and the frontier that knows them."""
    addresses = [KEPT, GONE, "https://sub.b.example/other"]
    hashes = {url: record(home, PAGES, url, page(url[-5:])) for url in addresses}
    frontier = Frontier(home.frontier, 1)
    frontier.add("pages", [Request(url, "document", {"title": "A name to erase"}) for url in addresses], 0.0)
    frontier.close()
    with Store.open(home) as store:
        load(home, store, SOURCES, NOW, sandbox=box)
    return home, hashes


def test_an_address_goes_whole_and_its_neighbours_stay(filled):
    home, hashes = filled
    with Store.open(home) as store:
        done = erase(home, store, "http://www.a.example/gone?utm_source=x", NOW, "asked by its author")
        assert (done.documents, done.bodies, done.pages, done.shared) == (1, 1, 1, 0)
        assert urls(store) == [KEPT, "https://sub.b.example/other"]
        kept = store.con.execute("select count(*) from fetched where url like '%gone%' or hints like '%erase%'")
        assert kept.fetchone() == (2,)  # the hints of the other two
        assert store.tombstones() == ["https://a.example/gone"]
    assert not body_path(home.raw, hashes[GONE]).exists()
    assert body_path(home.raw, hashes[KEPT]).exists()


def test_a_domain_takes_its_subdomains_along_and_no_lookalike(filled, box):
    home, _ = filled
    record(home, PAGES, "https://notb.example/x", page("alike"))
    with Store.open(home) as store:
        load(home, store, SOURCES, NOW, sandbox=box)
        assert erase(home, store, "b.example", NOW).documents == 1
        assert urls(store) == [GONE, KEPT, "https://notb.example/x"]
        assert "domain:b.example" in store.tombstones()


def test_what_was_erased_is_not_taken_into_the_frontier_again(filled):
    home, _ = filled
    with Store.open(home) as store:
        erase(home, store, GONE, NOW)
        erase(home, store, "b.example", NOW)
    frontier = Frontier(home.frontier, 2)
    listed = [GONE, "https://b.example/new", "https://a.example/new"]
    frontier.add("another", [Request(url, "document") for url in listed], 1.0)
    assert frontier.left("another") == {"a.example:443": 1}
    assert frontier.left("pages") == {"a.example:443": 1}
    frontier.close()


def test_what_comes_all_the_same_is_neither_loaded_nor_kept(filled, box):
    """By a redirect, or by an older frontier."""
    home, _ = filled
    with Store.open(home) as store:
        erase(home, store, GONE, NOW)
        erase(home, store, "b.example", NOW)
        again = [
            record(home, PAGES, GONE, page("again")),
            record(home, PAGES, "https://a.example/short", page("moved"), final_url=GONE),
            record(home, PAGES, "https://b.example/new", page("new")),
        ]
        load(home, store, SOURCES, NOW, sandbox=box)
        assert urls(store) == [KEPT]
    assert not any(body_path(home.raw, sha256).exists() for sha256 in again)


def test_a_store_made_anew_from_the_ledger_alone_keeps_it_away(filled, box):
    home, _ = filled
    with Store.open(home) as store:
        erase(home, store, GONE, NOW, "asked")
    put_body(home.raw, page(GONE[-5:]))  # as if a backup had brought the body back
    for file in home.root.glob("work.duckdb*"):
        file.unlink()
    with Store.open(home) as store:
        load(home, store, SOURCES, NOW, sandbox=box)
        assert urls(store) == [KEPT, "https://sub.b.example/other"]
        assert store.tombstones() == ["https://a.example/gone"]


def test_a_record_inside_an_answer_goes_with_the_whole_answer(home, box):
    works = [{"id": f"https://openalex.org/W{n}", "title": f"Work {n}"} for n in (1, 2)]
    sha256 = record(home, WORKS, "http://127.0.0.1:9/works?x", json.dumps({"results": works}).encode())
    other = record(home, WORKS, "http://127.0.0.1:9/works?y", json.dumps({"results": [
        {"id": "https://openalex.org/W3", "title": "Work 3"}]}).encode())  # fmt: skip
    with Store.open(home) as store:
        load(home, store, SOURCES, NOW, sandbox=box)
        assert len(urls(store)) == 3
        done = erase(home, store, "https://openalex.org/W1", NOW)
        assert (done.documents, done.shared) == (1, 1)
        assert urls(store) == ["https://openalex.org/W2", "https://openalex.org/W3"]
    assert not body_path(home.raw, sha256).exists()
    assert body_path(home.raw, other).exists()


def test_erasing_again_mends_what_a_crash_left(filled, monkeypatch):
    home, hashes = filled
    with Store.open(home) as store:
        with monkeypatch.context() as patch:
            patch.setattr("crawlers.erase.drop_erased", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                erase(home, store, GONE, NOW)
        assert body_path(home.raw, hashes[GONE]).exists()
        erase(home, store, GONE, NOW)
    assert not body_path(home.raw, hashes[GONE]).exists()


def test_what_was_never_seen_leaves_a_tombstone(home):
    with Store.open(home) as store:
        assert erase(home, store, "never.example", NOW).documents == 0
        assert store.tombstones() == ["domain:never.example"]


@pytest.mark.parametrize(
    "pattern", ["", "  ", "*", "%", "a", "ftp://a.example", "a.example/page", "drop table document", "..."]
)
def test_what_is_no_address_erases_nothing(home, pattern):
    with Store.open(home) as store, pytest.raises(UsageError, match="nothing was erased"):
        erase(home, store, pattern, NOW)


TOMBSTONES = [
    ("https://www.A.example/x/?utm_source=y#z", "https://a.example/x"),
    ("local:notes/a.txt", "local:notes/a.txt"),
    ("WWW.B.example", "domain:b.example"),
]


@pytest.mark.parametrize(("pattern", "tombstone"), TOMBSTONES)
def test_tombstones(pattern, tombstone):
    assert tombstone_of(pattern) == tombstone


def test_a_page_is_reached_by_its_own_tombstone_and_those_of_every_domain_above():
    assert tombstones_for("https://sub.b.example/x") == [
        "https://sub.b.example/x", "domain:sub.b.example", "domain:b.example", "domain:example",
    ]  # fmt: skip
    assert tombstones_for("local:notes/a.txt") == ["local:notes/a.txt"]
