"""Feeds of all changes, a source, a document, a saved search: from files, from the command line, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from commands.feeds import ADDRESS, checked, write_feeds
from commands.main import app
from tests.cli.versions import publish_at, show
from tests.warehouse.make import at
from tests.warehouse.test_atom import NS, check
from warehouse.errors import ConfigError
from warehouse.feeds import in_path, search_feed
from warehouse.home import Home
from warehouse.people import People
from warehouse.queries import Base, open_base
from warehouse.serve import make_api
from warehouse.store import Store

OTHER = "https://b.example/other"
BEFORE = "Emergency admissions rose by 12%. Bed days rose in every ward. The fund will cut delays."
AFTER = "Emergency admissions rose by 14%. The fund may cut delays. Delayed admissions rose."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("feeds") / "home").make()
    people = People(home.people)
    people.save_search(at(), "Ann", "admissions", "admissions", {})
    people.save_search(at(), "Ann", "Bed days / «wards»", '"bed days"', {"kinds": ["finding"]})
    with Store.open(home) as store:
        show(store, [BEFORE, AFTER])
        show(store, ["Our staff rose by 3%.", "Our staff rose by 4%."], url=OTHER, first_day=2)
        store.put_sources([{
            "name": "test", "title": "Test", "type": "feed", "licence": "OGL", "storage": "full", "config": {},
            "digest": "d",
        }])  # fmt: skip
        publish_at(home, store, 5).close()
    return home


@pytest.fixture(scope="module")
def base(made: Home) -> Iterator[Base]:
    found = open_base(made)
    yield found
    found.close()


def titles(feed: bytes) -> list[str]:
    check(feed)
    return sorted(entry.title.split(":")[0] for entry in feedparser.parse(feed).entries)


def test_a_saved_search_follows_its_claims_new_changed_and_removed(made: Home, base: Base) -> None:
    people = People(made.people)
    feed = search_feed(base, people.saved_search("admissions")).atom()
    assert titles(feed) == ["added", "figure changed", "new finding"]
    feed = search_feed(base, people.saved_search("Bed days / «wards»")).atom()
    assert titles(feed) == ["removed"]
    assert "Before: Bed days rose in every ward." in feedparser.parse(feed).entries[0].summary


def test_every_feed_is_addressed_answers_and_says_when_nothing_is_new(made: Home) -> None:
    client = TestClient(make_api(made))
    listed = client.get("/feeds").json()
    assert [row["title"].split(": ")[1] for row in listed] == [
        "what changed", "what changed at test", "Bed days / «wards»", "admissions"
    ]  # fmt: skip
    for row in listed:
        answer = client.get(row["address"])
        assert answer.headers["content-type"] == "application/atom+xml"
        root = check(answer.content)
        assert [link.get("href") for link in root.findall(f"{NS}link")] == [row["address"]]
        assert len(root.findall(f"{NS}entry")) == row["entries"] > 0
        again = client.get(row["address"], headers={"If-None-Match": f'W/"x", {answer.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")


def test_a_document_a_kind_and_a_theme_have_feeds_and_what_is_unknown_is_told(made: Home, base: Base) -> None:
    client = TestClient(make_api(made))
    document = base.document(OTHER)
    root = check(client.get(f"/feeds/document/{document.id}.atom").content)
    assert root.findtext(f"{NS}title") == "Claimwatch: A page"
    assert len(root.findall(f"{NS}entry")) == 1
    all_of_it, some = (client.get("/feeds/changes.atom", params=asked).content for asked in ({}, {"kind": "softened"}))
    assert titles(some) == ["softened"]
    assert check(all_of_it).findtext(f"{NS}id") != check(some).findtext(f"{NS}id")
    ids = {entry.id for entry in feedparser.parse(all_of_it).entries}
    assert {entry.id for entry in feedparser.parse(some).entries} < ids
    assert titles(client.get("/feeds/changes.atom", params={"theme": "workforce"}).content) == ["figure changed"]
    assert client.get("/feeds/document/none.atom").status_code == 404
    assert client.get("/feeds/saved/none.atom").status_code == 404


def test_feeds_are_written_to_a_folder_under_safe_names(made: Home, base: Base, tmp_path: Path) -> None:
    written = dict(write_feeds(made, base, tmp_path, checked("https://example.org/feeds")))
    files = {str(path.relative_to(tmp_path)) for path in written}
    saved = {f"saved/{in_path(name)}.atom" for name in ("admissions", "Bed days / «wards»")}
    assert files == {"changes.atom", "source/test.atom", *saved}
    for path in written:
        root = check(path.read_bytes())
        where = f"https://example.org/feeds/{path.relative_to(tmp_path)}"
        assert [link.get("href") for link in root.findall(f"{NS}link")] == [where]


@pytest.mark.parametrize("name", ["../../etc", "a/b", ".", "CON", "x" * 80, "тест", "a b", "A-b"])
def test_a_name_becomes_one_safe_part_of_a_path_of_its_own(name: str) -> None:
    part = in_path(name)
    assert part.isascii()
    assert len(part) < 80
    assert not set(part) & set("/\\.:% ")
    assert part != in_path(name + "!")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match=ADDRESS):
        checked("example.org/feeds")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (["--document", OTHER], ["figure changed"]),
        (["--saved", "Bed days / «wards»"], ["removed"]),
        (["--source", "test", "--kind", "removed"], ["removed"]),
        (["--limit", "1"], ["figure changed"]),
    ],
    ids=lambda value: " ".join(value),
)
def test_the_command_line_gives_the_same_changes_as_text_json_and_feed(
    made: Home, asked: list[str], found: list[str]
) -> None:
    run = CliRunner()
    start = ["--home", str(made.root), "changes", *asked]
    feed = run.invoke(app, [*start, "--atom", "--address", "https://a.example/x.atom"])
    assert titles(feed.stdout_bytes) == found
    lines = run.invoke(app, [*start, "--json"]).stdout.splitlines()
    assert [f'"kind": "{kind.replace(" ", "_")}"' in line for kind, line in zip(found, lines, strict=True)]
    row = json.loads(lines[0])
    promised = "kind also old new claim detail document versions at source title url"
    assert row.keys() >= set(promised.split())
    assert len(row["versions"]) == 2
    assert "1 change\n" in run.invoke(app, start).stdout
