"""Real pages, where they are at hand: what is promised of body, title and date; and every one is loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import extraction
from crawlers.load import load
from crawlers.sandbox import Sandbox
from tests.crawlers.test_load import NOW, Recorder, source
from warehouse.home import Home
from warehouse.models import Document
from warehouse.store import Store


@pytest.fixture(scope="module")
def pages(real: Path) -> dict[str, tuple[str, str]]:
    truth = json.loads((real / "pages" / "ground-truth.json").read_text("utf-8"))
    return {name: (entry["url"], entry["articleBody"]) for name, entry in truth.items()}


@pytest.fixture(scope="module")
def documents(pages: dict[str, tuple[str, str]]) -> dict[str, Document]:
    return {name: extraction.ours((name, url, extraction._body(name))) for name, (url, _) in pages.items()}


def test_the_main_text_is_found(documents: dict[str, Document], pages: dict[str, tuple[str, str]]) -> None:
    scored = extraction.Scored(documents, 0.0)
    _, f1, precision, recall, _ = extraction._body_row(
        "ours", scored, {name: body for name, (_, body) in pages.items()}
    )
    assert f1 >= 0.970, (precision, recall)


def test_titles_and_dates_are_right(documents: dict[str, Document]) -> None:
    _, title, dates, authors = extraction._meta_row("ours", documents)
    right = [float(share[share.index("(") + 1 : -1]) for share in (title, dates, authors)]
    assert right[0] >= 0.95
    assert right[1] >= 0.90
    assert right[2] >= 0.85


def test_hardly_a_real_page_is_taken_for_a_wall(documents: dict[str, Document]) -> None:
    assert [name for name, document in documents.items() if document.suspect] == []


def test_every_real_page_is_loaded(home: Home, pages: dict[str, tuple[str, str]]) -> None:
    recorder = Recorder(home)
    for name in pages:
        recorder.fetch(name, extraction._body(name))
    with Sandbox() as box, Store.open(home) as store:
        report = load(home, store, {"sample": source()}, NOW, sandbox=box)
        assert report.failures == {}
        assert store.con.execute("select count(*) from version where text <> ''").fetchall()[0][0] >= len(pages) - 6
