"""The process that the kill loops kill: it goes on until it is done, and says after each commit what is durable."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.warehouse.make import at, document, fetch, tag_all
from warehouse.home import Home
from warehouse.publish import publish
from warehouse.queries import open_base
from warehouse.rebuild import set_aside
from warehouse.store import Store
from warehouse.store_load import Loading

PAGES = 40
TEXTS = ("Emergency admissions rose by 12% in Leeds.", "Emergency admissions fell by 3%.", "We found staff tired.")


def ledger() -> list[Loading]:
    """What was fetched: each page three times, going A, B, A."""
    lines = []
    for seq in range(1, 3 * PAGES + 1):
        page, turn = (seq - 1) % PAGES, (seq - 1) // PAGES
        url = f"https://a.example/{page}"
        text = f"{TEXTS[(page + turn % 2) % 3]} We found page {page}."
        lines.append(Loading(fetch(seq, url, days=turn), [document(url, text)], extractor="x1"))
    return lines


def say(word: object) -> None:
    print(word, flush=True)


def load(home: Home) -> None:
    """Load and tag what is not there yet, a few lines a transaction."""
    with Store.open(home) as store:
        say("open")
        lines = [line for line in ledger() if line.fetch.seq > store.last_loaded_seq()]
        for first in range(0, len(lines), 5):
            store.load_fetches(lines[first : first + 5])
            say(store.last_loaded_seq())
        tag_all(store)
    say("done")


def publish_again(home: Home) -> None:
    """Publish over and over, each time with a new page."""
    for n in range(1_000):
        with Store.open(home) as store:
            seq = store.last_loaded_seq() + 1
            url = f"https://new.example/{seq}"
            store.load_fetch(fetch(seq, url), [document(url, f"Emergency admissions rose in year {seq}.")])
            tag_all(store)
            say("publishing")
            publish(home, store, at(seq), store.begin_run("test", at(seq)))
            say(store.con.execute("select count(*) from claim").fetchall()[0][0])
        open_base(home).close()
        if n == 3:
            break
    say("done")


def rebuild(home: Home) -> None:
    """Set the store aside where the last rebuild ended, or go on with the one that did not."""
    if not (home.root / "work.aside.duckdb").exists():
        set_aside(home)
    load(home)
    with Store.open(home) as store:
        publish(home, store, at(9), store.begin_run("rebuild", at(9)))
    (home.root / "work.aside.duckdb").unlink(missing_ok=True)
    say("done")


if __name__ == "__main__":
    {"load": load, "publish": publish_again, "rebuild": rebuild}[sys.argv[1]](Home(Path(sys.argv[2])).make())
