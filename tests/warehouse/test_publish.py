from __future__ import annotations

import json

import pytest

from tests.warehouse.make import at, load, tag_all
from warehouse.errors import ClaimwatchError
from warehouse.home import Home
from warehouse.index import words
from warehouse.publish import publish
from warehouse.queries import open_base
from warehouse.snapshots import check_content, current
from warehouse.store import Store

PAGES = {
    "https://a.example/1": "Intro. Emergency admissions rose by 12% in Leeds. The Better Care Fund will recruit staff.",
    "https://b.example/2": "An evaluation found that shared records saved time. Admissions fell by 3%.",
}


def test_a_published_snapshot_holds_what_the_store_holds(home: Home) -> None:
    with Store.open(home) as store:
        load(store, PAGES)
        tag_all(store)
        run = store.begin_run("test", at())
        snapshot = publish(home, store, at(), run)
        assert snapshot.counts["claim"] == 4
        assert snapshot.parts["entries"] == 4
    assert current(home) == snapshot
    check_content(home, snapshot)


def publish_pages(home: Home, days: int) -> dict[str, object]:
    with Store.open(home) as store:
        if not store.last_loaded_seq():
            load(store, PAGES)
            tag_all(store)
        return dict(publish(home, store, at(days), store.begin_run("test", at(days))).parts)


def test_an_index_of_another_version_says_what_to_run_and_is_made_anew(home: Home) -> None:
    publish_pages(home, 1)
    folder = current(home).words(home)
    meta = json.loads((folder / "meta.json").read_text())
    meta["schema"] = meta["schema"][1:]
    (folder / "meta.json").write_text(json.dumps(meta))
    with pytest.raises(ClaimwatchError, match="claimwatch publish"):
        words.open_index(folder)
    assert publish_pages(home, 2)["added"] == 4
    assert open_base(home).search("admissions", mode="words").total == 2


def test_nothing_is_built_upon_an_index_of_an_earlier_format(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_pages(home, 1)
    assert publish_pages(home, 2)["added"] == 0
    monkeypatch.setattr(words, "FORMAT", words.FORMAT + 1)
    with pytest.raises(ClaimwatchError, match="claimwatch publish"):
        open_base(home).search("admissions", mode="words")
    assert publish_pages(home, 3)["added"] == 4
