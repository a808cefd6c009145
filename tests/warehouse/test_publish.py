from __future__ import annotations

from tests.warehouse.make import at, load, tag_all
from warehouse.home import Home
from warehouse.publish import publish
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
